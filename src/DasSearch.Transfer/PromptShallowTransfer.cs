using System.Globalization;
using DasSearch.Core;
using DasSearch.Models.Backbones;

namespace DasSearch.Transfer;

/// <summary>Shallow prompts (Jia et al., arXiv:2203.12119): tokens at the end of a stream before its first module, which pass all of them.</summary>
/// <remarks>
/// [p, width] for each stream. ViLT-B, p = 200: 153,600 parameters. Every module has p tokens more to see to, and so has what stands in its
/// place: the 12nd² + 2n²d multiply-accumulates of a layer grow by 12pd² + 4npd + 2p²d, which on 241 tokens are 19.50 G in twelve layers. Where
/// layers attend to another stream, it has p tokens more, too: METER's grow by 28.67 G on 40 and 577 tokens. All streams have theirs from the start.
/// </remarks>
public sealed class PromptShallowTransfer : ITransferMethod
{
    private static readonly MethodOption<int> _tokens = MethodOption.Count("tokens", 200, "prompts of each stream");

    /// <inheritdoc/>
    public string Name => "prompt-shallow";

    /// <inheritdoc/>
    public string Summary => "prompts before the first module, which stay";

    /// <inheritdoc/>
    public IReadOnlyList<MethodOption> Options => [_tokens];

    /// <inheritdoc/>
    public MethodOption<int> Size => _tokens;

    /// <inheritdoc/>
    public string? Misfit(BackboneDescription backbone, TransferSettings settings) => Prompts.Misfit(backbone);

    /// <inheritdoc/>
    public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(settings);
        var tokens = settings.Get(_tokens);
        return new AddedCosts(
            [.. backbone.Modules.Select(module => new AddedToModule(0, Of(backbone, module.Index, tokens)))],
            Firsts(backbone).Sum(first => (long)tokens * backbone.Shapes[first].Width),
            StayingTokens: tokens);
    }

    /// <inheritdoc/>
    public Attached Attach(AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (backbone, tokens) = (request.Backbone.Description, request.Settings.Get(_tokens));
        var streams = Firsts(backbone).Select(first => backbone.Shapes[first]).ToDictionary(
            static shape => shape.Stream.ToString(CultureInfo.InvariantCulture), static shape => new PromptedStream(shape.Stream, shape.Width), StringComparer.Ordinal);
        var prompts = new Prompts(streams, tokens, request.Device, stay: true);
        return new Attached
        {
            Attachments = new Attachments { Sequences = new Dictionary<string, TokenSequence> { [backbone.Modules[0].Name] = prompts } },
            Parameters = streams.Keys.Zip(prompts.Tokens).ToDictionary(static own => "prompts." + own.First, static own => own.Second, StringComparer.Ordinal),
            Module = prompts,
        };
    }

    // The first module of each stream.
    private static IEnumerable<int> Firsts(BackboneDescription backbone) =>
        backbone.Modules.GroupBy(module => backbone.Shapes[module.Index].Stream).Select(static stream => stream.First().Index);

    // What so many tokens more cost a module: each is projected, and attention compares (n + p)(m + p) pairs instead of n · m.
    internal static long Of(BackboneDescription backbone, int module, long tokens)
    {
        long n = backbone.Shapes[module].Tokens, d = backbone.Shapes[module].Width;
        var projected = backbone.Projections.Where(place => place.Module == module && place.Role != ProjectionRole.Norm).Sum(static place => (long)place.In * place.Out);
        var compared = backbone.SubLayers.Where(place => place.Module == module && place.Kind != ModuleKind.FeedForward)
            .Sum(place => 2 * d * (n + (place.Kind == ModuleKind.Attention ? n : backbone.ContextTokens(module)) + tokens));
        return tokens * (projected + compared);
    }
}
