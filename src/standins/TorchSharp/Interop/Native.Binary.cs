using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// Element-wise functions of several operands (native/pointwise.cpp).
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial Tensor ts_mul(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_mul_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_mul_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_mul_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_pow(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_pow_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_pow_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_pow_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_fmod(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_fmod_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_fmod_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_fmod_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_remainder(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_remainder_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_remainder_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_remainder_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_floor_divide(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_floor_divide_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_floor_divide_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_floor_divide_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_eq(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_eq_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_eq_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_eq_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_ne(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_ne_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_ne_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_ne_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_lt(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_lt_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_lt_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_lt_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_le(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_le_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_le_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_le_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_gt(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_gt_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_gt_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_gt_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_ge(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_ge_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_ge_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Status ts_ge_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_logical_and(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_logical_and_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_logical_or(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_logical_or_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_logical_xor(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_logical_xor_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_bitwise_and(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_bitwise_and_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_bitwise_or(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_bitwise_or_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_bitwise_xor(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Status ts_bitwise_xor_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_maximum(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_minimum(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_add(Tensor self, Tensor other, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial Status ts_add_(Tensor self, Tensor other, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial Tensor ts_add_scalar(Tensor self, Scalar other, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial Status ts_add_scalar_(Tensor self, Scalar other, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial Tensor ts_sub(Tensor self, Tensor other, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial Status ts_sub_(Tensor self, Tensor other, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial Tensor ts_sub_scalar(Tensor self, Scalar other, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial Status ts_sub_scalar_(Tensor self, Scalar other, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial Tensor ts_div(Tensor self, Tensor other, int mode);

    [LibraryImport(Library)]
    internal static partial Status ts_div_(Tensor self, Tensor other, int mode);

    [LibraryImport(Library)]
    internal static partial Tensor ts_div_scalar(Tensor self, Scalar other, int mode);

    [LibraryImport(Library)]
    internal static partial Status ts_div_scalar_(Tensor self, Scalar other, int mode);

    [LibraryImport(Library)]
    internal static partial Tensor ts_rsub_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_rdiv_scalar(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial Tensor ts_addcmul(Tensor self, Tensor a, Tensor b, Scalar value);

    [LibraryImport(Library)]
    internal static partial Status ts_addcmul_(Tensor self, Tensor a, Tensor b, Scalar value);

    [LibraryImport(Library)]
    internal static partial Tensor ts_addcdiv(Tensor self, Tensor a, Tensor b, Scalar value);

    [LibraryImport(Library)]
    internal static partial Status ts_addcdiv_(Tensor self, Tensor a, Tensor b, Scalar value);

    [LibraryImport(Library)]
    internal static partial Tensor ts_lerp(Tensor self, Tensor end, Tensor weight);

    [LibraryImport(Library)]
    internal static partial Status ts_lerp_(Tensor self, Tensor end, Tensor weight);

    [LibraryImport(Library)]
    internal static partial Tensor ts_clamp_scalar(Tensor self, NativeScalar* min, NativeScalar* max);

    [LibraryImport(Library)]
    internal static partial Status ts_clamp_scalar_(Tensor self, NativeScalar* min, NativeScalar* max);

    [LibraryImport(Library)]
    internal static partial Tensor ts_clamp(
        Tensor self,
        [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? min,
        [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? max);

    [LibraryImport(Library)]
    internal static partial Status ts_clamp_(
        Tensor self,
        [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? min,
        [MarshalUsing(typeof(OptionalTensorMarshaller))] Tensor? max);

    [LibraryImport(Library)]
    internal static partial Tensor ts_where(Tensor condition, Tensor x, Tensor y);

    [LibraryImport(Library)]
    internal static partial Status ts_allclose(
        Tensor a, Tensor b, double rtol, double atol, Flag equalNan, out Flag result);

    [LibraryImport(Library)]
    internal static partial Tensor ts_isclose(Tensor a, Tensor b, double rtol, double atol, Flag equalNan);

    [LibraryImport(Library)]
    internal static partial Status ts_is_nonzero(Tensor self, out Flag result);
}
