using DasSearch.Core;
using DasSearch.Models.Backbones;
using TorchSharp;

namespace DasSearch.Exports;

/// <summary>A planned ViLT as a graph: text and images in, logits out.</summary>
/// <remarks>Kim et al., arXiv:2102.03334, with what a transfer method has at its places: see <see cref="PieceGraph"/>.</remarks>
internal sealed class ViltGraph
{
    private const string Batch = "batch";
    private const string Tokens = "tokens";
    private const string Pooler = "pooler";

    private readonly PlannedVilt _network;
    private readonly ImageSize _image;
    private readonly NetworkGraph _graph = new();
    private readonly GraphLayers _layers;
    private readonly PieceGraph _pieces;
    private readonly EmbeddingGraph _embedding;
    private readonly BlockGraph _blocks;

    private ViltGraph(PlannedVilt network, ImageSize image)
    {
        (_network, _image) = (network, image);
        _layers = new GraphLayers(_graph, network.Weights);
        _pieces = new PieceGraph(_graph, _layers, network);
        _embedding = new EmbeddingGraph(_graph, _layers, _pieces, network, image);
        _blocks = new BlockGraph(_graph, _layers, _pieces, network.Config);
    }

    /// <summary>Builds it.</summary>
    /// <param name="image">The size of its images, a multiple of the patches'.</param>
    internal static NetworkGraph Build(PlannedVilt network, ImageSize image)
    {
        var vilt = new ViltGraph(network, image);
        vilt.Add();
        return vilt._graph;
    }

    private void Add()
    {
        var images = Enumerable.Range(1, _network.Head.Images).Select(Image).ToList();
        var ids = _graph.Input(new OnnxValue(
            "text_ids", OnnxType.Int64, [Batch, Tokens], "Ids of tokens, the classification token first."));
        var mask = _graph.Input(new OnnxValue(
            "text_mask", OnnxType.Bool, [Batch, Tokens], "True where there is a token, false at padding."));
        var text = _embedding.Text(ids);
        var summaries = images.Select((image, i) => Summary(text, mask, image, number: i + 1)).ToArray();
        _graph.Output(
            new OnnxValue("logits", OnnxType.Float, [Batch, _network.Head.Outputs], "One score an answer or class, or for the pair."),
            Head(summaries));
    }

    private string Image(int number) => _graph.Input(new OnnxValue(
        _network.Head.Images == 1 ? "image" : FormattableString.Invariant($"image_{number}"),
        OnnxType.Float,
        [Batch, 3, _image.Height, _image.Width],
        "Red, green and blue, normalised as in training."));

    // To [batch, width].
    private string Summary(string text, string mask, string image, int number)
    {
        var state = new GraphState(_embedding.Join(text, _embedding.Image(image, number)), _embedding.KeyBias(mask, image));
        state = _pieces.Extend("transformer.blocks", state);
        foreach (var module in _network.Modules)
        {
            state = state with
            {
                Stream = _network.Skipped.Contains(module.Index) ? _pieces.Replace(module.Name, state.Stream) : _blocks.Run(module, state),
            };
        }

        var normalised = _pieces.Project("transformer.norm", state.Stream, x => _layers.Norm("transformer.norm", x, BlockGraph.Epsilon));
        var first = _layers.Pick(Pooler, normalised, axis: 1, index: 0);
        return _graph.Add(Pooler, "Tanh", [_pieces.Linear(Pooler + ".dense", first)]);
    }

    private string Head(string[] summaries)
    {
        var (name, hidden) = (_network.Head.Name, _network.Head.Hidden);
        var joined = summaries.Length == 1 ? summaries[0] : _layers.Concat(name, 1, summaries);
        if (hidden is null)
        {
            return _layers.Linear(name, joined);
        }

        var inner = _layers.Norm(name + ".1", _layers.Linear(name + ".0", joined), BlockGraph.AdapterEpsilon);
        return _layers.Linear(name + ".3", _layers.Gelu(name, inner));
    }
}

/// <summary>What a ViLT does before its blocks, in a graph.</summary>
/// <param name="image">The size of its images.</param>
internal sealed class EmbeddingGraph(NetworkGraph graph, GraphLayers layers, PieceGraph pieces, PlannedVilt network, ImageSize image)
{
    private const float TextEpsilon = 1e-12f;
    private const string Place = "embedding";
    private const string TextPlace = "text_embeddings";
    private const string TextNorm = "text_embeddings.LayerNorm";
    private const string ImagePlace = "transformer.patch_embed";
    private const string Modalities = "token_type_embeddings.weight";
    private const string PositionWeight = "transformer.pos_embed";

    private readonly int _width = network.Config.Width;
    private readonly int _patchSize = network.Config.PatchSize;
    private readonly int _rows = image.Height / network.Config.PatchSize;
    private readonly int _columns = image.Width / network.Config.PatchSize;

    private long Patches => (long)_rows * _columns;

    /// <summary>Word, position and segment, normalised, then the modality: [batch, tokens] to [batch, tokens, width].</summary>
    internal string Text(string ids)
    {
        var words = graph.Add(TextPlace, "Gather", [layers.Weight(TextPlace + ".word_embeddings.weight"), ids]);
        var table = layers.Weight(TextPlace + ".position_embeddings.weight");
        var positions = graph.Add(TextPlace, "Slice", [table, layers.Integers(0), layers.Size(TextPlace, ids, 1)]); // [tokens, width]
        var segment = layers.Row(TextPlace + ".token_type_embeddings.weight", 0);
        var sum = layers.Add(TextPlace, layers.Add(TextPlace, words, positions), segment);
        var normalised = pieces.Project(TextNorm, sum, x => layers.Norm(TextNorm, x, TextEpsilon));
        return layers.Add(TextPlace, normalised, layers.Row(Modalities, 0));
    }

    /// <summary>Patches behind a token of their own: [batch, 3, height, width] to [batch, 1 + patches, width].</summary>
    /// <param name="number">Which of a sample's images it is, from 1.</param>
    internal string Image(string pixels, int number)
    {
        var tokens = pieces.Project(ImagePlace + ".proj", pixels, Tokens);
        var first = layers.Add(ImagePlace, layers.Weight("transformer.cls_token"), FirstPosition());
        var shape = layers.Concat(ImagePlace, 0, layers.Size(ImagePlace, pixels, 0), layers.Integers(1, _width));
        var all = layers.Concat(
            ImagePlace, 1, graph.Add(ImagePlace, "Expand", [first, shape]), layers.Add(ImagePlace, tokens, PatchPositions()));
        return layers.Add(ImagePlace, all, layers.Row(Modalities, number));
    }

    /// <summary>Text and image as one sequence: text first.</summary>
    internal string Join(string text, string patches) => layers.Concat(Place, 1, text, patches);

    /// <summary>What is added to attention's scores: 0, or −∞ at padding, which images have none of; [batch, 1, 1, tokens].</summary>
    internal string KeyBias(string mask, string pixels)
    {
        var shape = layers.Concat(Place, 0, layers.Size(Place, pixels, 0), layers.Integers(1 + Patches));
        var patches = graph.Add(Place, "Expand", [graph.Tensor(OnnxTensor.Of("true", truth: true)), shape]);
        var keys = layers.Concat(Place, 1, mask, patches); // [batch, tokens]
        var bias = graph.Add(Place, "Where", [keys, layers.Constant(0), layers.Constant(float.NegativeInfinity)]);
        return graph.Add(Place, "Unsqueeze", [bias, layers.Integers(1, 2)]);
    }

    // To [batch, patches, width].
    private string Tokens(string pixels)
    {
        var patches = graph.Add(
            ImagePlace,
            "Conv",
            [pixels, layers.Weight(ImagePlace + ".proj.weight"), layers.Weight(ImagePlace + ".proj.bias")],
            new OnnxAttribute("kernel_shape", Integers: [_patchSize, _patchSize]),
            new OnnxAttribute("strides", Integers: [_patchSize, _patchSize])); // [batch, width, rows, columns]
        return layers.Transpose(ImagePlace, layers.Reshape(ImagePlace, patches, 0, _width, Patches), 0, 2, 1);
    }

    private string FirstPosition() => graph.Tensor(OnnxTensor.Of(PositionWeight + "[0]", [_width], () => Table()[.._width]));

    private string PatchPositions() => graph.Tensor(OnnxTensor.Of(
        $"{PositionWeight} of {_rows}×{_columns} patches",
        [Patches, _width],
        Resized));

    private float[] Resized()
    {
        using var scope = torch.NewDisposeScope();
        var table = torch.tensor(Table(), [1, 1 + (network.Config.PositionGrid * network.Config.PositionGrid), _width]);
        return Vilt.ResizePositions(table, _rows, _columns).contiguous().data<float>().ToArray();
    }

    private float[] Table() => network.Weights[PositionWeight].Floats();
}

/// <summary>What passes from one module to the next.</summary>
/// <param name="Stream">[batch, tokens, width].</param>
/// <param name="KeyBias">[batch, 1, 1, tokens].</param>
internal sealed record GraphState(string Stream, string KeyBias);

/// <summary>The blocks of a planned ViLT in a graph, or those of their parts that are kept.</summary>
internal sealed class BlockGraph(NetworkGraph graph, GraphLayers layers, PieceGraph pieces, ViltConfig sizes)
{
    /// <summary>Added to the variance in the norms of blocks, as in ViT.</summary>
    internal const float Epsilon = 1e-6f;

    /// <summary>Added to the variance in the norms of adapters and heads, PyTorch's default.</summary>
    internal const float AdapterEpsilon = 1e-5f;

    /// <summary>x₁ = x + attention(norm1 x), x₂ = x₁ + mlp(norm2 x₁), or one of the two.</summary>
    internal string Run(ModuleInfo module, GraphState state)
    {
        var block = module.Kind == ModuleKind.Whole ? module.Name : module.Name[..module.Name.LastIndexOf('.')];
        var x = state.Stream;
        if (module.Kind != ModuleKind.FeedForward)
        {
            // Tokens that are there for this module alone are read and not written.
            var all = pieces.Extend(block, state);
            var tokens = all == state ? null : layers.Size(block, x, 1);
            var read = Norm(block + ".norm1", all.Stream);
            var attended = Attention(block + ".attn", read, all.KeyBias, tokens);
            x = layers.Add(block, x, pieces.Join(block + ".attn", x, tokens is null ? read : layers.First(block, read, 1, tokens), attended));
        }

        if (module.Kind != ModuleKind.Attention)
        {
            var read = Norm(block + ".norm2", x);
            x = layers.Add(block, x, pieces.Join(block + ".mlp", x, read, FeedForward(block + ".mlp", read)));
        }

        return x;
    }

    private string Norm(string name, string x) => pieces.Project(name, x, input => layers.Norm(name, input, Epsilon));

    // What the first tokens find out from all of them; [1] how many ask, null for all.
    private string Attention(string name, string x, string keyBias, string? asking)
    {
        var width = sizes.Width / sizes.Heads;
        var heads = layers.Reshape(name, pieces.Linear(name + ".qkv", x), 0, 0, 3, sizes.Heads, width);
        var parts = layers.Transpose(name, heads, 2, 0, 3, 1, 4); // [3, batch, heads, tokens, width of a head]
        var query = layers.Pick(name, parts, 0, 0);
        query = layers.Multiply(name, asking is null ? query : layers.First(name, query, 2, asking), (float)Math.Pow(width, -0.5));
        var key = layers.Transpose(name, layers.Pick(name, parts, 0, 1), 0, 1, 3, 2);
        var scores = layers.Add(name, graph.Add(name, "MatMul", [query, key]), keyBias); // [batch, heads, asking, tokens]
        var shares = graph.Add(name, "Softmax", [scores], new OnnxAttribute("axis", Integer: -1));
        var mixed = layers.Transpose(name, graph.Add(name, "MatMul", [shares, layers.Pick(name, parts, 0, 2)]), 0, 2, 1, 3);
        return pieces.Linear(name + ".proj", layers.Reshape(name, mixed, 0, 0, sizes.Width));
    }

    private string FeedForward(string name, string x) =>
        pieces.Linear(name + ".fc2", layers.Gelu(name, pieces.Linear(name + ".fc1", x)));
}
