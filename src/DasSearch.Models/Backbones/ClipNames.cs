using DasSearch.Formats;
using DasSearch.Models.Checkpoints;

namespace DasSearch.Models.Backbones;

/// <summary>The names under which a CLIP's weights come: Hugging Face's, which are the official ones here, and those of OpenAI's code and OpenCLIP's.</summary>
internal static class ClipNames
{
    private const string ImageProjection = "visual.proj";
    private const string TextProjection = "text_projection"; // the same in both, but for what follows it
    private const string Attention = ".in_proj_";

    private static readonly string[] _parts = ["q_proj", "k_proj", "v_proj"];

    private static readonly (string From, string To)[] _towers = [("transformer.resblocks.*", "text_model.encoder.layers.*"), ("visual.transformer.resblocks.*", "vision_model.encoder.layers.*")];

    private static readonly (string From, string To)[] _ofLayer =
    [
        ("ln_1", "layer_norm1"),
        ("attn", "self_attn"),
        ("ln_2", "layer_norm2"),
        ("mlp.c_fc", "mlp.fc1"),
        ("mlp.c_proj", "mlp.fc2"),
    ];

    private static readonly NameRule[] _outside =
    [
        new("token_embedding", "text_model.embeddings.token_embedding"),
        new("positional_embedding", ClipConfig.TextPositions),
        new("ln_final", ClipConfig.TextNorm),
        new("visual.class_embedding", ClipConfig.ClassToken),
        new("visual.conv1", ClipConfig.Patches),
        new("visual.positional_embedding", ClipConfig.ImagePositions),
        new("visual.ln_pre", ClipConfig.FirstNorm),
        new("visual.ln_post", ClipConfig.ImageNorm),
    ];

    /// <summary>What a CLIP's checkpoints are like.</summary>
    internal static CheckpointKind Kind { get; } = new(
        "CLIP", new NameTable([.. _outside, .. _towers.SelectMany(static tower => _ofLayer.Select(own => new NameRule($"{tower.From}.{own.From}", $"{tower.To}.{own.To}")))]))
    {
        Convert = OfOpenAi,
        Others = ["text_model.embeddings.position_ids", "vision_model.embeddings.position_ids", "input_resolution", "context_length", "vocab_size"],
        Tables = [ResizableTable.Positions(ClipConfig.ImagePositions)],
    };

    // Queries, keys and values are one tensor there, and projections stand on the right of what they project.
    private static WeightFile OfOpenAi(WeightFile file)
    {
        if (!file.Tensors.ContainsKey(ImageProjection))
        {
            return file;
        }

        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var twice = new List<string>(file.Twice);
        foreach (var tensor in file.Tensors.Values.SelectMany(Official))
        {
            if (!tensors.TryAdd(tensor.Name, tensor))
            {
                twice.Add(tensor.Name);
            }
        }

        return file with { Tensors = tensors, Twice = twice };
    }

    private static IEnumerable<WeightTensor> Official(WeightTensor tensor)
    {
        var at = tensor.Name.IndexOf(Attention, StringComparison.Ordinal);
        return (tensor.Name, tensor.Shape) switch
        {
            (ImageProjection, { Count: 2 }) => [tensor.Permuted(ClipConfig.ImageProjection + ".weight", 1, 0)],
            (TextProjection, { Count: 2 }) => [tensor.Permuted(ClipConfig.TextProjection + ".weight", 1, 0)],
            (var name, [var rows, ..]) when at >= 0 && rows % _parts.Length == 0 =>
                _parts.Select((part, i) => tensor.Part($"{name[..at]}.{part}.{name[(at + Attention.Length)..]}", i, _parts.Length)),
            _ => [tensor],
        };
    }
}
