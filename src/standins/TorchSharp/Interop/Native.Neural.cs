using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// Products of matrices, layers and losses (native/neural.cpp).
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial Tensor ts_matmul(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_mm(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_bmm(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_mv(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_dot(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_outer(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_addmm(Tensor self, Tensor a, Tensor b, double beta, double alpha);

    [LibraryImport(Library)]
    internal static partial Tensor ts_baddbmm(Tensor self, Tensor a, Tensor b, double beta, double alpha);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial Tensor ts_einsum(string equation, ReadOnlySpan<nint> operands, long count);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_svd(Tensor self, Flag fullMatrices);

    [LibraryImport(Library)]
    internal static partial Tensor ts_svdvals(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_linear(
        Tensor input, Tensor weight, [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? bias);

    [LibraryImport(Library)]
    internal static partial Tensor ts_embedding(
        Tensor weight, Tensor indices, long padding, Flag byFrequency, Flag sparse);

    [LibraryImport(Library)]
    internal static partial Status ts_embedding_renorm_(Tensor weight, Tensor indices, double maxNorm, double normType);

    [LibraryImport(Library)]
    internal static partial Tensor ts_layer_norm(
        Tensor input,
        ReadOnlySpan<long> shape,
        int count,
        [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? weight,
        [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? bias,
        double eps);

    [LibraryImport(Library)]
    internal static partial Tensor ts_conv2d(
        Tensor input,
        Tensor weight,
        [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? bias,
        ReadOnlySpan<long> stride,
        int strideCount,
        ReadOnlySpan<long> padding,
        int paddingCount,
        ReadOnlySpan<long> dilation,
        int dilationCount,
        long groups);

    [LibraryImport(Library)]
    internal static partial Tensor ts_dropout(Tensor input, double p, Flag training);

    [LibraryImport(Library)]
    internal static partial Status ts_dropout_(Tensor input, double p, Flag training);

    [LibraryImport(Library)]
    internal static partial Tensor ts_softplus(Tensor input, double beta, double threshold);

    [LibraryImport(Library)]
    internal static partial Tensor ts_one_hot(Tensor input, long classes);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial Tensor ts_pad(Tensor input, ReadOnlySpan<long> pad, int count, string mode, double value);

    [LibraryImport(Library)]
    internal static partial Tensor ts_upsample_bilinear2d(
        Tensor input,
        ReadOnlySpan<long> size,
        int sizeCount,
        ReadOnlySpan<double> scale,
        int scaleCount,
        Flag alignCorners);

    [LibraryImport(Library)]
    internal static partial Tensor ts_cosine_similarity(Tensor a, Tensor b, long dim, double eps);

    [LibraryImport(Library)]
    internal static partial Tensor ts_cross_entropy(
        Tensor input,
        Tensor target,
        [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? weight,
        long reduction,
        long ignoreIndex,
        double smoothing);

    [LibraryImport(Library)]
    internal static partial Tensor ts_nll_loss(
        Tensor input, Tensor target, [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? weight, long reduction);

    [LibraryImport(Library)]
    internal static partial Tensor ts_bce_with_logits(
        Tensor input,
        Tensor target,
        [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? weight,
        [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? posWeight,
        long reduction);

    [LibraryImport(Library)]
    internal static partial Tensor ts_bce(
        Tensor input, Tensor target, [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? weight, long reduction);

    [LibraryImport(Library)]
    internal static partial Tensor ts_kl_div(Tensor input, Tensor target, long reduction, Flag logTarget);

    [LibraryImport(Library)]
    internal static partial Tensor ts_smooth_l1_loss(Tensor input, Tensor target, long reduction, double beta);

    [LibraryImport(Library)]
    internal static partial Tensor ts_mse_loss(Tensor input, Tensor target, long reduction);

    [LibraryImport(Library)]
    internal static partial Tensor ts_l1_loss(Tensor input, Tensor target, long reduction);

    [LibraryImport(Library)]
    internal static partial Tensor ts_cosine_embedding_loss(
        Tensor a, Tensor b, Tensor target, double margin, long reduction);
}
