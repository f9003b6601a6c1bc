using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Layers as functions of their inputs and weights.</summary>
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.Given().relu_() : x.Given().relu();

            /// <summary>x · Φ(x), the exact form.</summary>
            public static Tensor gelu(Tensor x) => x.Given().gelu();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.Given().softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.Given().log_softmax(dim);

            /// <summary>log(1 + exp(beta · x)) / beta, and x itself where beta · x exceeds the threshold.</summary>
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) =>
                Native.ts_softplus(x.Given(), beta, threshold);

            /// <summary>Zeroes elements with probability p and scales the rest by 1 / (1 − p), while training.</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                if (!inplace)
                {
                    return Native.ts_dropout(input.Given(), p, training);
                }

                Native.ts_dropout_(input.Given(), p, training).Check();
                return input;
            }

            /// <summary>input · weightsᵀ + bias: [*, in], [out, in] and [out] to [*, out].</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Native.ts_linear(input.Given(), weights.Given(), bias);

            /// <summary>Normalises over the last dimensions, those of <paramref name="normalized_shape"/>.</summary>
            public static Tensor layer_norm(
                Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Native.ts_layer_norm(
                    input.Given(), normalized_shape.Given(), normalized_shape.Length, weight, bias, eps);

            /// <summary>[batch, in, height, width] and [out, in / groups, kernel, kernel] to [batch, out, height', width'].</summary>
            public static Tensor conv2d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                long groups = 1)
            {
                strides ??= [1];
                padding ??= [0];
                dilation ??= [1];
                return Native.ts_conv2d(
                    input.Given(),
                    weight.Given(),
                    bias,
                    strides,
                    strides.Length,
                    padding,
                    padding.Length,
                    dilation,
                    dilation.Length,
                    groups);
            }

            /// <summary>Whole numbers [*] to ones at their places: [*, classes].</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Native.ts_one_hot(x.Given(), num_classes);

            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)[pad, pad], mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)[pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(
                Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)[pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.Given(), mode, value);

            /// <summary>Widens the last dimensions: before and after the last, then the one before it, and so on.</summary>
            public static Tensor pad(
                Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                Native.ts_pad(input.Given(), pad, pad.Length, Name(mode), value);

            /// <summary>[batch, channels, height, width] to another size, given outright or as a factor.</summary>
            public static Tensor upsample_bilinear(
                Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false) =>
                Native.ts_upsample_bilinear2d(
                    x.Given(), size, size?.Length ?? 0, scale_factor, scale_factor?.Length ?? 0, align_corners);

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-08) =>
                Native.ts_cosine_similarity(x1.Given(), x2.Given(), dim, eps);

            private static string Name(PaddingModes mode) => mode switch
            {
                PaddingModes.Constant or PaddingModes.Zeros => "constant",
                PaddingModes.Reflect => "reflect",
                PaddingModes.Replicate => "replicate",
                PaddingModes.Circular => "circular",
                _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Unknown way to pad."),
            };
        }
    }
}
