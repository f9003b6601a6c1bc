using DasSearch.Core;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Extensions.Tests;

/// <summary>Two streams of two layers each, a text's and an image's, which update in parallel: both layers read the pair before.</summary>
/// <remarks>
/// A module is a layer of one stream: x + tanh(dense(norm x) + mean of the other stream). Since the image's layer still reads the text
/// that the text's has replaced, that one stays in the state in between.
/// </remarks>
internal sealed class TwoStreams : nn.Module, IBackbone
{
    private const int Width = 8;
    private const int Layers = 2;
    private static readonly string[] _streams = ["text", "image"];

    private readonly Embedding words;
    private readonly Linear patches;
    private readonly Parameter types;
    private readonly ModuleList<Layer> layers; // text, image, text, image
    private readonly Linear pooler;

    private TwoStreams(BackboneRequest request)
        : base(nameof(TwoStreams))
    {
        words = nn.Embedding(request.Input.Vocabulary, Width);
        patches = nn.Linear(3, Width);
        types = new Parameter(randn(2, Width));
        layers = new ModuleList<Layer>([.. Enumerable.Range(0, 2 * Layers).Select(static _ => new Layer())]);
        pooler = nn.Linear(2 * Width, Width);
        RegisterComponents();
        Description = Describe(request);
    }

    internal static BackboneEntry Entry { get; } = new(
        "two-streams",
        "two layers of a text's and an image's stream",
        static request => new LoadedBackbone(new TwoStreams(request), new Dictionary<string, Tensor>()),
        Describe,
        static () => Describe(new BackboneRequest { Input = new InputShape(10, 4, 2, 2) }));

    public BackboneDescription Description { get; }

    public nn.Module Network => this;

    public Embedded Embed(BackboneInput input, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var text = words.call(input.TokenIds); // [batch, tokens, width]
        var image = patches.call(input.Images!.flatten(2).transpose(1, 2)); // [batch, pixels, width]
        var bias = zeros_like(input.TextMask, text.dtype).masked_fill(input.TextMask.logical_not(), double.NegativeInfinity).unsqueeze(1).unsqueeze(1);
        var none = zeros([image.size(0), 1, 1, image.size(1)]);
        return new Embedded(
            [text.MoveToOuterDisposeScope(), image.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope(), none.MoveToOuterDisposeScope()],
            frozen => new HiddenState(
                [frozen[0] + types.narrow(0, 0, 1), frozen[1] + types.narrow(0, 1, 1)], [frozen[2].alias(), frozen[3].alias()]));
    }

    public HiddenState Step(HiddenState state, int module, Subnetwork skipped, Attachments attached, long? tokens = null)
    {
        var (s, b) = (state.Streams, state.KeyBiases);
        var isText = module % 2 == 0;
        var (own, other) = isText ? (0, 1) : (1, 2);
        var next = skipped.Contains(module)
            ? attached.Replace(Description.Modules[module].Name, s[own], tokens)
            : Run(module, tokens is { } count && count < s[own].size(1) ? s[own].narrow(1, 0, count) : s[own], s[other], b[other], attached);
        return isText ? new HiddenState([next, s[1], s[0]], [b[0], b[1], b[0]]) : new HiddenState([s[0], next], [b[0], b[1]]);
    }

    public Features Finish(HiddenState state, FeatureKind wanted, Attachments attached)
    {
        var first = cat([.. state.Streams.Select(static stream => stream.select(1, 0))], 1); // [batch, 2 · width]
        return new Features(state.Streams, attached.Project("pooler", pooler.call, first).tanh());
    }

    private static BackboneDescription Describe(BackboneRequest request)
    {
        long linear = (Width * Width) + Width;
        var tokens = new[] { request.Input.TextLength, request.Input.ImageHeight * request.Input.ImageWidth };
        var modules = Enumerable.Range(0, 2 * Layers).Select(i => new ModuleInfo(
            i, $"layers.{i}", ModuleKind.Attention, _streams[i % 2], linear + (2 * Width), (long)tokens[i % 2] * Width * Width)).ToList();
        return new BackboneDescription
        {
            Modules = modules,
            Shapes = [.. modules.Select(module => new ModuleShape(
                tokens[module.Index % 2], Width, MixesTokens: true, module.Index < 2 ? [-1, -1] : [module.Index - 2, (2 * (module.Index / 2)) - 1 - (module.Index % 2)],
                module.Index % 2))],
            SubLayers = [.. modules.Select(static module => new SubLayer(module.Name + ".dense", ModuleKind.Attention, module.Index))],
            Projections =
            [
                .. modules.SelectMany(module => new ProjectionPlace[]
                {
                    new(module.Name + ".norm", module.Index, Width, Width, tokens[module.Index % 2], ProjectionRole.Norm),
                    new(module.Name + ".dense", module.Index, Width, Width, tokens[module.Index % 2], ProjectionRole.AttentionOutput),
                }),
                new("pooler", null, 2 * Width, Width, 1, ProjectionRole.Pooler),
            ],
            Parameters =
            [
                new("words.weight", (long)request.Input.Vocabulary * Width, null),
                new("patches.weight", 3 * Width, null),
                new("patches.bias", Width, null),
                new("types", 2 * Width, null),
                .. modules.SelectMany(static module => new ParameterInfo[]
                {
                    new(module.Name + ".norm.weight", Width, module.Index),
                    new(module.Name + ".norm.bias", Width, module.Index),
                    new(module.Name + ".dense.weight", Width * Width, module.Index),
                    new(module.Name + ".dense.bias", Width, module.Index),
                }),
                new("pooler.weight", 2 * Width * Width, null),
                new("pooler.bias", Width, null),
            ],
            AlwaysTrained = ["pooler.", "types"],
            SummaryWidth = Width,
            OutsideMultiplyAccumulates = ((long)tokens[1] * 3 * Width) + (2 * Width * Width),
        };
    }

    private Tensor Run(int module, Tensor x, Tensor other, Tensor otherBias, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var (layer, name) = (layers[module], Description.Modules[module].Name);
        var mean = otherBias.softmax(-1).squeeze(1).matmul(other); // [batch, 1, width], over tokens that are there
        var read = attached.Project(name + ".norm", layer.norm.call, x);
        var dense = attached.Project(name + ".dense", layer.dense.call, read);
        return (x + attached.Join(name + ".dense", x, read, (dense + mean).tanh())).MoveToOuterDisposeScope();
    }

    private sealed class Layer : nn.Module
    {
        internal readonly LayerNorm norm;
        internal readonly Linear dense;

        internal Layer()
            : base(nameof(Layer))
        {
            norm = nn.LayerNorm(Width);
            dense = nn.Linear(Width, Width);
            RegisterComponents();
        }
    }
}
