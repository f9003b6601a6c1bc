using DasSearch.Worker.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>Parameters that an optimizer treats alike.</summary>
/// <param name="Parameters">At least one, all of one type and on one device.</param>
/// <param name="RateMultiplier">What the learning rate is multiplied by.</param>
/// <param name="WeightDecay">λ; 0 for none.</param>
internal sealed record ParameterGroup(IReadOnlyList<Parameter> Parameters, double RateMultiplier, double WeightDecay);

/// <summary>An optimizer over flat buffers, so that a step is a handful of calls however many parameters there are.</summary>
/// <remarks>
/// The parameters of a group become views of one tensor, and their gradients of another. A parameter that a step does not use so has the gradient 0 from the start, and moves on by momentum;
/// whether it was used before an interruption makes no difference. Where gradients of several batches are added up, each batch's are
/// complete before they are, so that the sum does not depend on which half of a batch comes first; and the sum is part of the state.
/// </remarks>
internal abstract class FlatOptimizer : IDisposable
{
    private const string StepsName = "steps";

    private readonly List<Buffers> _groups = [];
    private readonly IReadOnlyList<string> _moments;
    private readonly Tensor _steps = zeros(1, int64).DetachFromDisposeScope();

    /// <param name="groups">What is trained; no parameter twice.</param>
    /// <param name="moments">What is remembered of gradients, for each parameter a number of each; their names in saved states.</param>
    /// <param name="addsUp">Whether gradients of several batches are added up for a step.</param>
    private protected FlatOptimizer(IEnumerable<ParameterGroup> groups, IReadOnlyList<string> moments, bool addsUp)
    {
        _moments = moments;
        using var unrecorded = no_grad();
        foreach (var group in groups)
        {
            _groups.Add(new Buffers(group, moments.Count, addsUp));
        }
    }

    /// <summary>Steps done.</summary>
    internal long Steps => _steps.item<long>();

    /// <summary>Whether all that is trained is finite numbers.</summary>
    internal bool AreFinite
    {
        get
        {
            using var unrecorded = no_grad();
            using var scope = NewDisposeScope();
            return _groups.TrueForAll(static group => group.Weight.isfinite().all().item<bool>());
        }
    }

    /// <summary>All that it takes to go on, by name; the optimizer's own tensors.</summary>
    internal IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [StepsName] = _steps };
        for (var i = 0; i < _groups.Count; i++)
        {
            foreach (var (name, moment) in _moments.Zip(_groups[i].Moments))
            {
                state[$"{i}.{name}"] = moment;
            }

            if (_groups[i].Sum is { } sum)
            {
                state[$"{i}.gradient_sum"] = sum;
            }
        }

        return state;
    }

    internal void ZeroGradients() => _groups.ForEach(static group => group.Gradient.zero_());

    /// <summary>The gradients of a batch are complete: they join those of the batches before.</summary>
    internal void AddUp() => _groups.ForEach(static group => group.Sum?.add_(group.Gradient));

    /// <summary>All batches of a step have joined: the gradients are their sum, and the next sum begins with nothing.</summary>
    internal void TakeSum() => _groups.ForEach(static group =>
    {
        if (group.Sum is { } sum)
        {
            group.Gradient.copy_(sum);
            sum.zero_();
        }
    });

    /// <summary>Scales all gradients so that their norm is at most <paramref name="most"/>.</summary>
    /// <remarks>As PyTorch's <c>clip_grad_norm_</c>.</remarks>
    internal void ClipGradients(double most)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        using var numbers = new HeldScalars();
        var norm = stack([.. _groups.Select(static group => group.Gradient.norm())]).norm();
        var factor = norm.add(numbers.Of(1e-6)).reciprocal().mul(numbers.Of(most)).clamp(max: numbers.Of(1));
        _groups.ForEach(group => group.Gradient.mul_(factor));
    }

    /// <summary>Changes every parameter once.</summary>
    /// <param name="learningRate">The step's rate, before multipliers.</param>
    internal void Step(double learningRate)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        using var numbers = new HeldScalars();
        _steps.add_(ones_like(_steps));
        var steps = Steps;
        foreach (var group in _groups)
        {
            Change(group, learningRate * group.Of.RateMultiplier, steps, numbers);
        }
    }

    /// <summary>Changes the weights of a group by its gradient.</summary>
    /// <param name="rate">The group's own.</param>
    /// <param name="steps">Which step it is, from 1.</param>
    /// <param name="numbers">What numbers of operations are held in.</param>
    private protected abstract void Change(Buffers group, double rate, long steps, HeldScalars numbers);

    /// <inheritdoc/>
    /// <remarks>The parameters keep their values.</remarks>
    public void Dispose()
    {
        _steps.Dispose();
        _groups.ForEach(static group => group.Dispose());
    }

    /// <summary>A group's numbers, each a tensor [numbers].</summary>
    private protected sealed class Buffers : IDisposable
    {
        internal Buffers(ParameterGroup group, int moments, bool addsUp)
        {
            using var scope = NewDisposeScope();
            Of = group;
            Weight = cat([.. group.Parameters.Select(static parameter => parameter.flatten())]).DetachFromDisposeScope();
            Gradient = zeros_like(Weight).DetachFromDisposeScope();
            Moments = [.. Enumerable.Range(0, moments).Select(_ => zeros_like(Weight).DetachFromDisposeScope())];
            Sum = addsUp ? zeros_like(Weight).DetachFromDisposeScope() : null;
            var start = 0L;
            foreach (var parameter in group.Parameters)
            {
                var count = parameter.numel();
                parameter.set_(Weight.narrow(0, start, count).view(parameter.shape));
                parameter.grad = Gradient.narrow(0, start, count).view(parameter.shape);
                start += count;
            }
        }

        internal ParameterGroup Of { get; }

        internal Tensor Weight { get; }

        internal Tensor Gradient { get; }

        internal IReadOnlyList<Tensor> Moments { get; }

        internal Tensor? Sum { get; }

        public void Dispose()
        {
            foreach (var parameter in Of.Parameters)
            {
                parameter.grad = null;
            }

            Weight.Dispose();
            Gradient.Dispose();
            foreach (var moment in Moments)
            {
                moment.Dispose();
            }

            Sum?.Dispose();
        }
    }
}
