using System.Text.RegularExpressions;
using DasSearch.Formats;
using DasSearch.Models.Checkpoints;

namespace DasSearch.Models.Backbones;

/// <summary>The names under which a ViT's weights come: timm's and DeiT's, Hugging Face's, and those of its authors' JAX files (<c>.npz</c>).</summary>
internal static partial class VitNames
{
    private static readonly (string From, string To)[] _huggingFace =
    [
        ("embeddings.cls_token", VitConfig.ClassToken),
        ("embeddings.distillation_token", VitConfig.DistillationToken),
        ("embeddings.position_embeddings", VitConfig.Positions),
        ("embeddings.patch_embeddings.projection", VitConfig.Patches),
        ("encoder.layer.*.layernorm_before", "blocks.*.norm1"),
        ("encoder.layer.*.layernorm_after", "blocks.*.norm2"),
        ("encoder.layer.*.attention.output.dense", "blocks.*.attn.proj"),
        ("encoder.layer.*.intermediate.dense", "blocks.*.mlp.fc1"),
        ("encoder.layer.*.output.dense", "blocks.*.mlp.fc2"),
        ("layernorm", VitConfig.LastNorm),
    ];

    // DeiT III's LayerScale, and Hugging Face's classifiers.
    private static readonly NameRule[] _others =
    [
        new("blocks.*.gamma_1", "blocks.*.ls1.gamma"),
        new("blocks.*.gamma_2", "blocks.*.ls2.gamma"),
        new("classifier", VitConfig.Head),
        new("cls_classifier", VitConfig.Head),
        new("distillation_classifier", VitConfig.DistillationHead),
    ];

    private static readonly string[] _projections = ["query", "key", "value"];

    /// <summary>What a ViT's checkpoints are like: they may have classifiers, and layers before these, besides.</summary>
    internal static CheckpointKind Kind { get; } = new("ViT", new NameTable([.. Rules("vit."), .. Rules("deit."), .. Rules(""), .. _others]))
    {
        Convert = OfJax,
        Others = ["head.", "head_dist.", "pre_logits.", "pooler.", "vit.pooler.", "embeddings.mask_token", "vit.embeddings.mask_token"],
        Tables = [ResizableTable.Positions(VitConfig.Positions)],
    };

    private static IEnumerable<NameRule> Rules(string prefix) =>
    [
        .. _huggingFace.Select(name => new NameRule(prefix + name.From, name.To)),
        .. _projections.Select((name, i) => new NameRule($"{prefix}encoder.layer.*.attention.attention.{name}", "blocks.*.attn.qkv") { Parts = _projections.Length, Part = i }),
    ];

    // Kernels read from their left there, [in, out], and heads are a dimension of their own. Queries, keys and values get Hugging Face's names, which become one.
    private static WeightFile OfJax(WeightFile file)
    {
        if (!file.Tensors.ContainsKey("embedding/kernel"))
        {
            return file;
        }

        var metadata = new Dictionary<string, string>(file.Metadata);
        if (file.Tensors.GetValueOrDefault("Transformer/encoderblock_0/MultiHeadDotProductAttention_1/query/bias") is { Shape: [var heads, _] })
        {
            metadata.TryAdd("heads", $"{heads}");
        }

        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var twice = new List<string>(file.Twice);
        foreach (var tensor in file.Tensors.Values.Select(Official))
        {
            if (!tensors.TryAdd(tensor.Name, tensor))
            {
                twice.Add(tensor.Name);
            }
        }

        return file with { Tensors = tensors, Metadata = metadata, Twice = twice };
    }

    private static WeightTensor Official(WeightTensor tensor)
    {
        var found = Block().Match(tensor.Name);
        var (block, own) = (found.Success ? found.Groups[1].Value : null, tensor.Name[found.Length..]);
        var (shape, rank) = (tensor.Shape, tensor.Shape.Count);
        return (block, own) switch
        {
            (null, "cls") => tensor with { Name = VitConfig.ClassToken },
            (null, "embedding/kernel") when rank == 4 => tensor.Permuted(VitConfig.Patches + ".weight", 3, 2, 0, 1),
            (null, "embedding/bias") => tensor with { Name = VitConfig.Patches + ".bias" },
            (null, "Transformer/posembed_input/pos_embedding") => tensor with { Name = VitConfig.Positions },
            (null, "Transformer/encoder_norm/scale") => tensor with { Name = VitConfig.LastNorm + ".weight" },
            (null, "Transformer/encoder_norm/bias") => tensor with { Name = VitConfig.LastNorm + ".bias" },
            (null, "head/kernel") when rank == 2 => tensor.Permuted("head.weight", 1, 0),
            (null, "head/bias") => tensor with { Name = "head.bias" },
            (null, _) when own.StartsWith("pre_logits/", StringComparison.Ordinal) => tensor with { Name = own.Replace('/', '.') },
            ({ } i, "LayerNorm_0/scale") => tensor with { Name = $"blocks.{i}.norm1.weight" },
            ({ } i, "LayerNorm_0/bias") => tensor with { Name = $"blocks.{i}.norm1.bias" },
            ({ } i, "LayerNorm_2/scale") => tensor with { Name = $"blocks.{i}.norm2.weight" },
            ({ } i, "LayerNorm_2/bias") => tensor with { Name = $"blocks.{i}.norm2.bias" },
            ({ } i, "MultiHeadDotProductAttention_1/query/kernel" or "MultiHeadDotProductAttention_1/key/kernel" or "MultiHeadDotProductAttention_1/value/kernel") when rank == 3 =>
                tensor.Permuted($"encoder.layer.{i}.attention.attention.{own.Split('/')[1]}.weight", 1, 2, 0) with { Shape = [shape[1] * shape[2], shape[0]] },
            ({ } i, "MultiHeadDotProductAttention_1/query/bias" or "MultiHeadDotProductAttention_1/key/bias" or "MultiHeadDotProductAttention_1/value/bias") when rank == 2 =>
                tensor with { Name = $"encoder.layer.{i}.attention.attention.{own.Split('/')[1]}.bias", Shape = [shape[0] * shape[1]] },
            ({ } i, "MultiHeadDotProductAttention_1/out/kernel") when rank == 3 =>
                tensor.Permuted($"blocks.{i}.attn.proj.weight", 2, 0, 1) with { Shape = [shape[2], shape[0] * shape[1]] },
            ({ } i, "MultiHeadDotProductAttention_1/out/bias") => tensor with { Name = $"blocks.{i}.attn.proj.bias" },
            ({ } i, "MlpBlock_3/Dense_0/kernel" or "MlpBlock_3/Dense_1/kernel") when rank == 2 => tensor.Permuted($"blocks.{i}.mlp.{Layer(own)}.weight", 1, 0),
            ({ } i, "MlpBlock_3/Dense_0/bias" or "MlpBlock_3/Dense_1/bias") => tensor with { Name = $"blocks.{i}.mlp.{Layer(own)}.bias" },
            _ => tensor,
        };

        static string Layer(string own) => own.Contains("Dense_0", StringComparison.Ordinal) ? "fc1" : "fc2";
    }

    [GeneratedRegex(@"^Transformer/encoderblock_(\d{1,9})/")]
    private static partial Regex Block();
}
