using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// Element-wise functions of one tensor (native/pointwise.cpp).
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial Tensor ts_abs(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_abs_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_neg(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_neg_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_exp(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_exp_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_expm1(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_expm1_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_log(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_log_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_log1p(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_log1p_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_log2(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_log2_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_sqrt(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_sqrt_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_rsqrt(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_rsqrt_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_reciprocal(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_reciprocal_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_sin(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_sin_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_cos(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_cos_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_tanh(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_tanh_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_sigmoid(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_sigmoid_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_relu(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_relu_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_silu(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_silu_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_erf(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_erf_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_floor(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_floor_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_ceil(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_ceil_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_trunc(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_trunc_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_sign(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_sign_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_logical_not(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_logical_not_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_bitwise_not(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_bitwise_not_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_square(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_gelu(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_isnan(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_isinf(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_isfinite(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_erfinv_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_round(Tensor self, long decimals);

    [LibraryImport(Library)]
    internal static partial Status ts_round_(Tensor self, long decimals);
}
