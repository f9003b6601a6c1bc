using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Batches;
using DasSearch.Models.Backbones;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DasSearch.Worker.Distillation;

/// <summary>A trained network that a planned one learns from, in evaluation mode and without gradients, on the same batches.</summary>
/// <remarks>PELA's feature distillation (arXiv:2310.10700, eq. 4, in the form of its code), at the boundaries that a skip plan leaves.</remarks>
public sealed class Teacher
{
    private readonly DistillationConfig _config;
    private readonly TransferNetwork _network;
    private readonly Subnetwork _skipped;

    /// <param name="config">The weights of the terms.</param>
    /// <param name="network">The trained network; stays the caller's.</param>
    /// <param name="skipped">What its own plan skips.</param>
    public Teacher(DistillationConfig config, TransferNetwork network, Subnetwork skipped)
    {
        ArgumentNullException.ThrowIfNull(network);
        (_config, _network, _skipped) = (config, network, skipped);
        network.Train(false);
    }

    /// <summary>Checks that a network can learn from it.</summary>
    /// <exception cref="DasSearchException">Its modules are others, or there is nothing to compare.</exception>
    public void CheckAgainst(TransferNetwork student, Subnetwork skipped)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(skipped);
        var (own, other) = (student.Backbone, _network.Backbone);
        if (!own.Modules.Select(static module => module.Name).SequenceEqual(other.Modules.Select(static module => module.Name)))
        {
            throw new DasSearchException($"the teacher has {other.Modules.Count} modules, but the plan's network has {own.Modules.Count}, or others");
        }

        if (own.Shapes.Zip(other.Shapes).FirstOrDefault(static pair => pair.First.Width != pair.Second.Width) is { First: not null } unlike)
        {
            throw new DasSearchException($"the teacher is {unlike.Second.Width} wide, but the plan's network is {unlike.First.Width}");
        }

        if (_config.Alpha > 0 && own.Shapes.Zip(other.Shapes).FirstOrDefault(static pair => pair.First.Tokens != pair.Second.Tokens) is { First: not null } longer)
        {
            throw new DasSearchException(
                $"the teacher's layers work on {longer.Second.Tokens} tokens, but those of the plan's network on {longer.First.Tokens}: their features cannot be compared, so distillation.alpha must be 0");
        }

        if (_config is { Alpha: > 0, Boundaries: DistilledBoundaries.Kept } && skipped.Count == skipped.Modules)
        {
            throw new ConfigException("distillation.boundaries", "must be all where the plan keeps no module, not kept");
        }
    }

    /// <summary>The student's logits, and what it is to be told for how far it is from the teacher.</summary>
    internal Lesson Teach(TransferNetwork student, Subnetwork skipped, Batch batch)
    {
        using var scope = NewDisposeScope();
        var own = _config.Alpha > 0 ? student.Trace(batch, skipped) : new TracedLogits(student.Logits(batch, skipped), []);
        TracedLogits teacher;
        using (no_grad())
        {
            teacher = _config.Alpha > 0 ? _network.Trace(batch, _skipped) : new TracedLogits(_network.Logits(batch, _skipped), []);
        }

        var terms = new List<Tensor>();
        if (_config.Alpha > 0)
        {
            terms.Add(_config.Alpha * Distance(own.Passes, teacher.Passes, _config.Boundaries, skipped));
        }

        if (_config.Beta > 0)
        {
            terms.Add(_config.Beta * F.mse_loss(own.Logits, teacher.Logits));
        }

        return new Lesson(own.Logits.MoveToOuterDisposeScope(), stack(terms).sum().MoveToOuterDisposeScope());
    }

    /// <summary>The mean, over passes, modules and samples, of the mean squared error over a sample's valid tokens and their channels: a scalar.</summary>
    /// <remarks>A mean over samples, so that halves of a batch give what the whole does.</remarks>
    internal static Tensor Distance(
        IReadOnlyList<IReadOnlyList<ModuleOutput>> student, IReadOnlyList<IReadOnlyList<ModuleOutput>> teacher, DistilledBoundaries boundaries, Subnetwork skipped)
    {
        using var scope = NewDisposeScope();
        var distances = student.Zip(teacher).SelectMany(pass => pass.First.Zip(pass.Second)
            .Where((_, module) => boundaries == DistilledBoundaries.All || !skipped.Contains(module))
            .Select(static pair =>
            {
                var valid = pair.First.Mask.to(pair.First.Stream.dtype); // [batch, tokens]
                var errors = (pair.First.Stream - pair.Second.Stream).square().mean([2]); // the same
                return ((errors * valid).sum([1]) / valid.sum([1])).mean();
            }));
        return stack(distances.ToList()).mean().MoveToOuterDisposeScope();
    }
}

/// <summary>What a student said, and what the teacher makes of it.</summary>
/// <param name="Logits">The student's, [batch, choices].</param>
/// <param name="Distance">α L_features + β L_logits: a scalar.</param>
internal sealed record Lesson(Tensor Logits, Tensor Distance);
