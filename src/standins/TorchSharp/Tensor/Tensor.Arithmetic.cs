using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Element-wise arithmetic of two operands, with broadcasting.
    public partial class Tensor
    {
        private static readonly Scalar One = 1;

        public Tensor add(Tensor target) => Native.ts_add(this, target.Given(), One);

        /// <summary>this + alpha · target.</summary>
        public Tensor add(Tensor target, Scalar alpha) => Native.ts_add(this, target.Given(), alpha);

        public Tensor add(Scalar scalar) => Native.ts_add_scalar(this, scalar, One);

        public Tensor add(Scalar scalar, Scalar alpha) => Native.ts_add_scalar(this, scalar, alpha);

        public Tensor add_(Tensor target) => Done(Native.ts_add_(this, target.Given(), One));

        public Tensor add_(Tensor target, Scalar alpha) => Done(Native.ts_add_(this, target.Given(), alpha));

        public Tensor add_(Scalar scalar) => Done(Native.ts_add_scalar_(this, scalar, One));

        public Tensor add_(Scalar scalar, Scalar alpha) => Done(Native.ts_add_scalar_(this, scalar, alpha));

        public Tensor sub(Tensor target) => Native.ts_sub(this, target.Given(), One);

        public Tensor sub(Scalar target) => Native.ts_sub_scalar(this, target, One);

        public Tensor sub_(Tensor target) => Done(Native.ts_sub_(this, target.Given(), One));

        public Tensor sub_(Scalar target) => Done(Native.ts_sub_scalar_(this, target, One));

        public Tensor mul(Tensor target) => Native.ts_mul(this, target.Given());

        public Tensor mul_(Tensor target) => Done(Native.ts_mul_(this, target.Given()));

        public Tensor mul(Scalar target) => Native.ts_mul_scalar(this, target);

        public Tensor mul_(Scalar target) => Done(Native.ts_mul_scalar_(this, target));

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Native.ts_div(this, target.Given(), (int)rounding_mode);

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Native.ts_div_scalar(this, target, (int)rounding_mode);

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Done(Native.ts_div_(this, target.Given(), (int)rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Done(Native.ts_div_scalar_(this, target, (int)rounding_mode));

        public Tensor pow(Tensor exponent) => Native.ts_pow(this, exponent.Given());

        public Tensor pow_(Tensor exponent) => Done(Native.ts_pow_(this, exponent.Given()));

        public Tensor pow(Scalar exponent) => Native.ts_pow_scalar(this, exponent);

        public Tensor pow_(Scalar exponent) => Done(Native.ts_pow_scalar_(this, exponent));

        public Tensor fmod(Tensor target) => Native.ts_fmod(this, target.Given());

        public Tensor fmod_(Tensor target) => Done(Native.ts_fmod_(this, target.Given()));

        public Tensor fmod(Scalar scalar) => Native.ts_fmod_scalar(this, scalar);

        public Tensor fmod_(Scalar scalar) => Done(Native.ts_fmod_scalar_(this, scalar));

        public Tensor remainder(Tensor target) => Native.ts_remainder(this, target.Given());

        public Tensor remainder_(Tensor target) => Done(Native.ts_remainder_(this, target.Given()));

        public Tensor remainder(Scalar scalar) => Native.ts_remainder_scalar(this, scalar);

        public Tensor remainder_(Scalar scalar) => Done(Native.ts_remainder_scalar_(this, scalar));

        public Tensor floor_divide(Tensor other) => Native.ts_floor_divide(this, other.Given());

        public Tensor floor_divide_(Tensor other) => Done(Native.ts_floor_divide_(this, other.Given()));

        public Tensor floor_divide(Scalar other) => Native.ts_floor_divide_scalar(this, other);

        public Tensor floor_divide_(Scalar other) => Done(Native.ts_floor_divide_scalar_(this, other));

        public Tensor maximum(Tensor other) => Native.ts_maximum(this, other.Given());

        public Tensor minimum(Tensor other) => Native.ts_minimum(this, other.Given());
    }
}
