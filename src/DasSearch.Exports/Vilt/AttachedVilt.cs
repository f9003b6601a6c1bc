using System.Runtime.InteropServices;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Exports;

/// <summary>A plan's backbone with what its method and its replacements put on it, built to be asked for shapes and to be merged.</summary>
internal sealed class AttachedVilt : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Vilt _backbone;
    private readonly Attached _attached;
    private readonly ITransferMethod _method;

    /// <param name="plan">A trained plan.</param>
    /// <exception cref="DasSearchException">There is no such method, or what the plan lists does not fit it.</exception>
    internal AttachedVilt(SkipPlan plan, ViltConfig config, InputShape input)
    {
        _method = TransferTable.BuiltIn.Named(plan.Result!.Method);
        var settings = new TransferSettings { Options = plan.Result.Options, Absent = plan.Subnetwork }.At(plan.Adapters);
        settings = _method.Replaces ? settings : settings with { Replacing = [] };
        _backbone = new Vilt(config, new BackboneRequest { Input = input, Granularity = plan.Granularity, Absent = plan.Subnetwork });
        try
        {
            _attached = _method.AttachWhole(new AttachRequest(_backbone, settings, CPU, Samples(input)));
            _attached.Attachments.CheckAgainst(_backbone.Description);
        }
        catch
        {
            Dispose();
            throw;
        }

        Alpha = plan.Result.Options.GetValueOrDefault("alpha") ?? _method.Options.FirstOrDefault(static option => option.Name == "alpha")?.Default;
    }

    /// <summary>What weighs APT's prompts; null for other methods.</summary>
    internal string? Alpha { get; }

    internal BackboneDescription Description => _backbone.Description;

    internal bool IsMergeable => _attached.IsMergeable;

    /// <summary>The method's and the replacements' trained parameters.</summary>
    internal IReadOnlyList<ParameterShape> Parameters => [.. _attached.Parameters.Select(static entry => new ParameterShape(entry.Key, entry.Value.shape))];

    /// <summary>What the method has chosen, such as channels; whole numbers.</summary>
    internal IReadOnlyList<ParameterShape> Constants => [.. _attached.Constants.Select(static entry => new ParameterShape(entry.Key, entry.Value.shape))];

    internal IReadOnlyList<AdapterPlacement> Placements => _attached.Placements;

    /// <summary>Those parameters that are of what stands in place of skipped modules, and so stay when all else is merged.</summary>
    internal IReadOnlyList<string> Replacing
    {
        get
        {
            var own = _attached.Attachments.Replacements.Values.SelectMany(static module => module.parameters()).ToHashSet(ReferenceEqualityComparer.Instance);
            return [.. _attached.Parameters.Where(entry => own.Contains(entry.Value)).Select(static entry => entry.Key)];
        }
    }

    /// <summary>The weights of the layers that something is around, with that in them.</summary>
    /// <param name="weights">The network's weights, unmerged.</param>
    /// <exception cref="ExportException">That cannot be done exactly.</exception>
    internal IReadOnlyList<WeightTensor> Merge(IReadOnlyDictionary<string, WeightTensor> weights)
    {
        CheckMergeable();
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var around = _attached.Attachments.Projections.Keys.Select(static place => place + ".").ToList();
        var layers = _backbone.named_parameters()
            .Where(entry => around.Exists(place => entry.name.StartsWith(place, StringComparison.Ordinal))).ToList();
        foreach (var (name, parameter) in layers.Concat(_attached.Parameters.Select(static entry => (entry.Key, entry.Value))))
        {
            CheckpointFile.CopyWeights(weights[name].Source, name, tensor(weights[name].Floats(), parameter.shape), parameter);
        }

        foreach (var (name, constant) in _attached.Constants)
        {
            constant.copy_(tensor(MemoryMarshal.Cast<byte, long>(weights[name].ToArray()).ToArray(), constant.shape));
        }

        _attached.Merge(_backbone);
        return [.. layers.Select(static entry => WeightTensor.Of(entry.name, entry.parameter.shape, entry.parameter.detach().contiguous().data<float>().ToArray()))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _attached?.Dispose();
        _backbone?.Dispose();
        _scope.Dispose();
    }

    private void CheckMergeable()
    {
        var (attachments, problem) = (_attached.Attachments, (string?)null);
        if (attachments.Branches.Count > 0)
        {
            problem = $"at {attachments.Branches.Keys.First()} it computes what no layer's weights can";
        }
        else if (attachments.Sequences.Count > 0)
        {
            problem = $"it adds tokens before {attachments.Sequences.Keys.First()}, which no layer's weights can";
        }
        else if (attachments.Projections.FirstOrDefault(static entry => !entry.Value.IsMergeable) is { Key: { } place })
        {
            problem = $"what is around {place} cannot be put into its weights";
        }
        else if (_backbone.Description.Projections.FirstOrDefault(place => place.Rank is not null && attachments.Projections.ContainsKey(place.Name)) is { } low)
        {
            problem = $"{low.Name} is two Linears of a low rank";
        }

        if (problem is not null)
        {
            throw new ExportException($"{_method.Name} cannot be merged into the backbone exactly: {problem}");
        }
    }

    // What a method looks at to choose or to start: that of the training is loaded instead.
    private static IEnumerable<BackboneInput> Samples(InputShape input)
    {
        using var scope = NewDisposeScope();
        yield return new BackboneInput(
            zeros(1, input.TextLength, ScalarType.Int64), ones(1, input.TextLength, ScalarType.Bool), zeros(1, 3, input.ImageHeight, input.ImageWidth));
    }
}
