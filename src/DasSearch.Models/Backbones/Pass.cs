using DasSearch.Core;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>Passes through a backbone, whole or from any module on.</summary>
public static class Pass
{
    /// <summary>A whole pass.</summary>
    /// <exception cref="ArgumentException"><paramref name="skipped"/> is of another number of modules, or keeps one that was not built.</exception>
    public static Features Run(
        this IBackbone backbone, BackboneInput input, Subnetwork skipped, Attachments attached, FeatureKind wanted = FeatureKind.Summary)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        using var scope = NewDisposeScope();
        return Kept(backbone.Conclude(backbone.Embed(input, attached).State(), 0, skipped, attached, wanted));
    }

    /// <summary>A whole pass, and what every module gave on the way, all of its tokens.</summary>
    /// <exception cref="ArgumentException">As of <see cref="Run"/>.</exception>
    public static TracedFeatures Trace(
        this IBackbone backbone, BackboneInput input, Subnetwork skipped, Attachments attached, FeatureKind wanted = FeatureKind.Summary)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        Check(backbone, skipped);
        using var scope = NewDisposeScope();
        var state = backbone.Embed(input, attached).State();
        var masks = state.KeyBiases.Select(Mask).ToList();
        var outputs = new List<ModuleOutput>();
        foreach (var (shape, i) in backbone.Description.Shapes.Select(static (shape, i) => (shape, i)))
        {
            state = backbone.StepExtended(state, i, skipped, attached, tokens: null);
            if (state.Streams[shape.Stream].size(1) < masks[shape.Stream].size(1))
            {
                masks[shape.Stream] = Mask(state.KeyBiases[shape.Stream]); // tokens were merged
            }

            var mask = masks[shape.Stream];
            outputs.Add(new ModuleOutput(
                state.Streams[shape.Stream].narrow(1, 0, mask.size(1)).MoveToOuterDisposeScope(), mask.alias().MoveToOuterDisposeScope()));
        }

        return new TracedFeatures(Kept(backbone.Finish(state, wanted, attached)), outputs);
    }

    /// <summary>The modules from <paramref name="start"/> on, and all that follows, as far as what is wanted needs it.</summary>
    /// <remarks>
    /// A summary reads first tokens alone, unless the backbone says otherwise. A module then runs for these only, unless a later one that mixes tokens reads what it gives.
    /// </remarks>
    /// <exception cref="ArgumentException">As of <see cref="Run"/>.</exception>
    public static Features Conclude(
        this IBackbone backbone, HiddenState state, int start, Subnetwork skipped, Attachments attached, FeatureKind wanted = FeatureKind.Summary)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        Check(backbone, skipped);
        using var scope = NewDisposeScope();
        var whole = wanted == FeatureKind.Summary && !backbone.Description.SummaryReadsAllTokens ? NeededWhole(backbone.Description, start, skipped, attached) : null;
        HashSet<string> mixing = whole is null ? [] : [.. attached.Projections.Where(static around => around.Value.MixesTokens).Select(static around => around.Key)];
        for (var i = start; i < skipped.Modules; i++)
        {
            // What is around a Linear may look at more tokens than the Linear needs.
            var isNarrow = whole?[i] == false && !(mixing.Count > 0 && backbone.Description.Projections.Any(place => place.Module == i && mixing.Contains(place.Name)));
            state = backbone.StepExtended(state, i, skipped, attached, isNarrow ? 1 : null);
        }

        return Kept(backbone.Finish(state, wanted, attached));
    }

    /// <summary>One module with the tokens that are added before it.</summary>
    /// <exception cref="ArgumentException">As of <see cref="Run"/>.</exception>
    public static HiddenState Next(this IBackbone backbone, HiddenState state, int module, Subnetwork skipped, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        Check(backbone, skipped);
        using var scope = NewDisposeScope();
        var next = backbone.StepExtended(state, module, skipped, attached, tokens: null);

        // What is handed on stays its owner's.
        return next.Map(tensor => state.Tensors.Any(given => ReferenceEquals(given, tensor)) ? tensor : tensor.MoveToOuterDisposeScope());
    }

    private static Tensor Mask(Tensor keyBias) => keyBias.flatten(1).eq(0);

    private static HiddenState StepExtended(
        this IBackbone backbone, HiddenState state, int module, Subnetwork skipped, Attachments attached, long? tokens)
    {
        if (attached.Sequences.Count == 0
            || !attached.Sequences.TryGetValue(backbone.Description.Modules[module].Name, out var sequence)
            || (skipped.Contains(module) && !sequence.Stays))
        {
            return backbone.Step(state, module, skipped, attached, tokens);
        }

        // What is added for one module alone is read by it and not written.
        var (extended, own) = (sequence.Extend(state), backbone.Description.Shapes[module].Stream);
        var next = backbone.Step(extended, module, skipped, attached, sequence.Stays ? tokens : tokens ?? state.Streams[own].size(1));
        return sequence.Stays
            ? next
            : new HiddenState(
                Without(next.Streams, extended.Streams, state.Streams, 1), Without(next.KeyBiases, extended.KeyBiases, state.KeyBiases, 3));
    }

    // What was handed on is as it was before, and what was written loses its last tokens.
    private static IReadOnlyList<Tensor> Without(
        IReadOnlyList<Tensor> after, IReadOnlyList<Tensor> extended, IReadOnlyList<Tensor> before, int dimension) =>
        [.. after.Select((tensor, i) =>
        {
            var handedOn = Enumerable.Range(0, extended.Count).FirstOrDefault(j => ReferenceEquals(tensor, extended[j]), -1);
            return handedOn >= 0 ? before[handedOn]
                : i < before.Count && tensor.size(dimension) > before[i].size(dimension) ? tensor.narrow(dimension, 0, before[i].size(dimension))
                : tensor;
        })];

    // Whether all tokens of what a module gives are read, given that in the end first ones are.
    private static bool[] NeededWhole(BackboneDescription backbone, int start, Subnetwork skipped, Attachments attached)
    {
        var needed = new bool[backbone.Modules.Count];
        for (var i = needed.Length - 1; i >= start; i--)
        {
            if (needed[i] || Mixes(backbone, i, skipped, attached))
            {
                foreach (var read in backbone.Shapes[i].DependsOn.Where(static read => read >= 0))
                {
                    needed[read] = true;
                }
            }
        }

        return needed;
    }

    private static bool Mixes(BackboneDescription backbone, int module, Subnetwork skipped, Attachments attached) => skipped.Contains(module)
        ? attached.Replacements.TryGetValue(backbone.Modules[module].Name, out var replacement) && replacement.MixesTokens
        : backbone.Shapes[module].MixesTokens
            || (attached.Branches.Count > 0 && backbone.SubLayers.Any(
                place => place.Module == module && attached.Branches.TryGetValue(place.Name, out var branch) && branch.MixesTokens));

    private static void Check(IBackbone backbone, Subnetwork skipped)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        if (skipped.Modules != backbone.Description.Modules.Count)
        {
            throw new ArgumentException(
                $"The subnetwork is one of {skipped.Modules} modules, the backbone has {backbone.Description.Modules.Count}.", nameof(skipped));
        }
    }

    // Aliases, since a pass without modules may give what it was given.
    private static Features Kept(Features features) => features with
    {
        Streams = [.. features.Streams.Select(static stream => stream.alias().MoveToOuterDisposeScope())],
        Summary = features.Summary?.alias().MoveToOuterDisposeScope(),
        Shared = features.Shared?.Map(static tensor => tensor.alias().MoveToOuterDisposeScope()),
    };
}

/// <summary>What a whole pass gave, and what each module did.</summary>
/// <param name="Features">What the pass gave.</param>
/// <param name="Modules">What each module gave, or what stands in its place, in order.</param>
public sealed record TracedFeatures(Features Features, IReadOnlyList<ModuleOutput> Modules);

/// <summary>A module's own stream after it.</summary>
/// <param name="Stream">[batch, tokens, width]; tokens that a method adds are left out.</param>
/// <param name="Mask">[batch, tokens]; false at padding.</param>
public sealed record ModuleOutput(Tensor Stream, Tensor Mask);
