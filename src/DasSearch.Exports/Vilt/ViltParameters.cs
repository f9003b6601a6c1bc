namespace DasSearch.Exports;

/// <summary>Every parameter of a planned ViLT with its shape, in the order of computation, under the official checkpoints' names.</summary>
internal static class ViltParameters
{
    /// <summary>The parameters; those of what is skipped are not among them.</summary>
    internal static IEnumerable<(string Name, IReadOnlyList<long> Shape)> Of(
        ViltSizes sizes, IReadOnlyList<PlannedBlock> blocks, PlannedHead head)
    {
        long width = sizes.Width;
        return
        [
            ("text_embeddings.word_embeddings.weight", [sizes.Vocabulary, width]),
            ("text_embeddings.position_embeddings.weight", [sizes.TextLength, width]),
            ("text_embeddings.token_type_embeddings.weight", [2, width]),
            .. Norm("text_embeddings.LayerNorm", width),
            ("token_type_embeddings.weight", [1 + head.Images, width]),
            ("transformer.cls_token", [1, 1, width]),
            ("transformer.pos_embed", [1, 1 + ((long)sizes.Grid * sizes.Grid), width]),
            ("transformer.patch_embed.proj.weight", [width, 3, sizes.PatchSize, sizes.PatchSize]),
            ("transformer.patch_embed.proj.bias", [width]),
            .. blocks.SelectMany(block => Block(block, sizes)),
            .. Norm("transformer.norm", width),
            .. Linear("pooler.dense", width, width),
            .. Head(head, width),
        ];
    }

    private static IEnumerable<(string Name, IReadOnlyList<long> Shape)> Block(PlannedBlock block, ViltSizes sizes)
    {
        long width = sizes.Width;
        IEnumerable<(string Name, IReadOnlyList<long> Shape)> attention =
        [
            .. Norm(block.Name + ".norm1", width),
            .. Linear(block.Name + ".attn.qkv", width, 3 * width),
            .. Linear(block.Name + ".attn.proj", width, width),
        ];
        IEnumerable<(string Name, IReadOnlyList<long> Shape)> feedForward =
        [
            .. Norm(block.Name + ".norm2", width),
            .. Linear(block.Name + ".mlp.fc1", width, sizes.FeedForward),
            .. Linear(block.Name + ".mlp.fc2", sizes.FeedForward, width),
        ];
        return
        [
            .. block.HasAttention ? attention : [],
            .. block.HasFeedForward ? feedForward : [],
            .. block.Adapters.SelectMany(adapter => Adapter(adapter, width)),
        ];
    }

    private static IEnumerable<(string Name, IReadOnlyList<long> Shape)> Adapter(PlannedAdapter adapter, long width) =>
    [
        .. Norm(adapter.Name + ".adapter_layer_norm_before", width),
        .. Linear(adapter.Name + ".down_proj", width, adapter.Bottleneck),
        .. Linear(adapter.Name + ".up_proj", adapter.Bottleneck, width),
    ];

    private static IEnumerable<(string Name, IReadOnlyList<long> Shape)> Head(PlannedHead head, long width) => head.Hidden is { } hidden
        ?
        [
            .. Linear(head.Name + ".0", head.Images * width, hidden),
            .. Norm(head.Name + ".1", hidden),
            .. Linear(head.Name + ".3", hidden, head.Outputs),
        ]
        : Linear(head.Name, width, head.Outputs);

    private static IEnumerable<(string Name, IReadOnlyList<long> Shape)> Linear(string name, long inWidth, long outWidth) =>
        [(name + ".weight", [outWidth, inWidth]), (name + ".bias", [outWidth])];

    private static IEnumerable<(string Name, IReadOnlyList<long> Shape)> Norm(string name, long width) =>
        [(name + ".weight", [width]), (name + ".bias", [width])];
}
