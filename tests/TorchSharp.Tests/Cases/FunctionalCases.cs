using TorchSharp.Tests.Support;
using static TorchSharp.Tests.Support.Case;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Cases;

/// <summary>nn.functional apart from the losses.</summary>
internal static class FunctionalCases
{
    public static readonly Case[] All =
    [
        Three("linear", ("functional.linear", (x, w, b) => functional.linear(x, w, b))),
        Two("linear_no_bias", ("functional.linear", (x, w) => functional.linear(x, w))),
        Three("layer_norm", ("functional.layer_norm", (x, w, b) => functional.layer_norm(x, [4], w, b))),
        One("layer_norm_plain", ("functional.layer_norm(eps)", x => functional.layer_norm(x, [3, 4], eps: 0.1))),
        Two("layer_norm_weight", ("functional.layer_norm(weight)", (x, w) => functional.layer_norm(x, [4], w))),
        Three("conv2d", ("functional.conv2d", (x, w, b) => functional.conv2d(x, w, b))),
        Two("conv2d_stride", ("functional.conv2d(strides)", (x, w) => functional.conv2d(x, w, strides: [2, 1]))),
        Two("conv2d_padding", ("functional.conv2d(padding)", (x, w) => functional.conv2d(x, w, padding: [1, 2]))),
        Two("conv2d_dilation", ("functional.conv2d(dilation)", (x, w) => functional.conv2d(x, w, dilation: [2, 1]))),
        Three("conv2d_groups", ("functional.conv2d(groups)", (x, w, b) => functional.conv2d(x, w, b, groups: 2))),
        Three("conv2d_patches", ("functional.conv2d(strides)", (x, w, b) => functional.conv2d(x, w, b, strides: [2, 2]))),
        One("softplus", ("functional.softplus(beta, threshold)", x => functional.softplus(x, 2.0, 1.5))),
        One("softplus_plain", ("functional.softplus", x => functional.softplus(x))),
        One("dropout_off", ("functional.dropout(off)", x => functional.dropout(x, 0.5, training: false)), ("nn.Dropout(eval)", x => Dropped(x, 0.5, training: false))),
        One("dropout_zero", ("functional.dropout(0)", x => functional.dropout(x, 0.0)), ("nn.Dropout(0)", x => Dropped(x, 0.0, training: true))),
        One("dropout_one", ("functional.dropout(1)", x => functional.dropout(x, 1.0)), ("nn.Dropout(1)", x => Dropped(x, 1.0, training: true)),
            ("functional.dropout(inplace)", x => functional.dropout(x.clone(), 1.0, inplace: true))),
        One("one_hot", ("functional.one_hot", x => functional.one_hot(x))),
        One("one_hot_classes", ("functional.one_hot(classes)", x => functional.one_hot(x, 5))),
        One("pad", ("functional.pad(pair)", x => functional.pad(x, (1, 2))), ("functional.pad(long[])", x => functional.pad(x, new long[] { 1, 2 })),
            ("functional.pad(span)", x => functional.pad(x, new long[] { 1, 2 }.AsSpan()))),
        One("pad_one", ("functional.pad(long)", x => functional.pad(x, 1L)), ("functional.pad(pair)", x => functional.pad(x, (1, 1)))),
        One("pad_value", ("functional.pad(four)", x => functional.pad(x, (1, 0, 2, 1), value: 1.5)),
            ("functional.pad(long[], value)", x => functional.pad(x, new long[] { 1, 0, 2, 1 }, PaddingModes.Constant, 1.5))),
        One("pad_reflect", ("functional.pad(reflect)", x => functional.pad(x, (1, 2), PaddingModes.Reflect))),
        One("pad_replicate", ("functional.pad(replicate)", x => functional.pad(x, (1, 2), PaddingModes.Replicate))),
        One("pad_circular", ("functional.pad(circular)", x => functional.pad(x, (1, 2), PaddingModes.Circular))),
        One("upsample_size", ("functional.upsample_bilinear", x => functional.upsample_bilinear(x, size: [5, 3], align_corners: false))),
        One("upsample_size_aligned", ("functional.upsample_bilinear(align)", x => functional.upsample_bilinear(x, size: [5, 3], align_corners: true))),
        One("upsample_scale", ("functional.upsample_bilinear(scale)", x => functional.upsample_bilinear(x, scale_factor: [2.0, 1.5]))),
        Two("cosine_similarity", ("functional.cosine_similarity", (x, y) => functional.cosine_similarity(x, y))),
        Two("cosine_similarity_dim", ("functional.cosine_similarity(dim)", (x, y) => functional.cosine_similarity(x, y, dim: 0, eps: 1e-6))),
    ];

    private static torch.Tensor Dropped(torch.Tensor x, double p, bool training)
    {
        using var module = Dropout(p);
        module.train(training);
        return module.call(x);
    }
}
