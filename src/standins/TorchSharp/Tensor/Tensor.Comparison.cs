using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Element-wise comparison and logic; the results are of boolean type.
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Native.ts_eq(this, target.Given());

        public Tensor eq_(Tensor target) => Done(Native.ts_eq_(this, target.Given()));

        public Tensor eq(Scalar target) => Native.ts_eq_scalar(this, target);

        public Tensor eq_(Scalar target) => Done(Native.ts_eq_scalar_(this, target));

        public Tensor ne(Tensor target) => Native.ts_ne(this, target.Given());

        public Tensor ne_(Tensor target) => Done(Native.ts_ne_(this, target.Given()));

        public Tensor ne(Scalar target) => Native.ts_ne_scalar(this, target);

        public Tensor ne_(Scalar target) => Done(Native.ts_ne_scalar_(this, target));

        public Tensor lt(Tensor target) => Native.ts_lt(this, target.Given());

        public Tensor lt_(Tensor target) => Done(Native.ts_lt_(this, target.Given()));

        public Tensor lt(Scalar target) => Native.ts_lt_scalar(this, target);

        public Tensor lt_(Scalar target) => Done(Native.ts_lt_scalar_(this, target));

        public Tensor le(Tensor target) => Native.ts_le(this, target.Given());

        public Tensor le_(Tensor target) => Done(Native.ts_le_(this, target.Given()));

        public Tensor le(Scalar target) => Native.ts_le_scalar(this, target);

        public Tensor le_(Scalar target) => Done(Native.ts_le_scalar_(this, target));

        public Tensor gt(Tensor target) => Native.ts_gt(this, target.Given());

        public Tensor gt_(Tensor target) => Done(Native.ts_gt_(this, target.Given()));

        public Tensor gt(Scalar target) => Native.ts_gt_scalar(this, target);

        public Tensor gt_(Scalar target) => Done(Native.ts_gt_scalar_(this, target));

        public Tensor ge(Tensor target) => Native.ts_ge(this, target.Given());

        public Tensor ge_(Tensor target) => Done(Native.ts_ge_(this, target.Given()));

        public Tensor ge(Scalar target) => Native.ts_ge_scalar(this, target);

        public Tensor ge_(Scalar target) => Done(Native.ts_ge_scalar_(this, target));

        public Tensor logical_and(Tensor other) => Native.ts_logical_and(this, other.Given());

        public Tensor logical_and_(Tensor other) => Done(Native.ts_logical_and_(this, other.Given()));

        public Tensor logical_or(Tensor other) => Native.ts_logical_or(this, other.Given());

        public Tensor logical_or_(Tensor other) => Done(Native.ts_logical_or_(this, other.Given()));

        public Tensor logical_xor(Tensor other) => Native.ts_logical_xor(this, other.Given());

        public Tensor logical_xor_(Tensor other) => Done(Native.ts_logical_xor_(this, other.Given()));

        public Tensor bitwise_and(Tensor other) => Native.ts_bitwise_and(this, other.Given());

        public Tensor bitwise_and_(Tensor other) => Done(Native.ts_bitwise_and_(this, other.Given()));

        public Tensor bitwise_or(Tensor other) => Native.ts_bitwise_or(this, other.Given());

        public Tensor bitwise_or_(Tensor other) => Done(Native.ts_bitwise_or_(this, other.Given()));

        public Tensor bitwise_xor(Tensor other) => Native.ts_bitwise_xor(this, other.Given());

        public Tensor bitwise_xor_(Tensor other) => Done(Native.ts_bitwise_xor_(this, other.Given()));

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            Native.ts_allclose(this, target.Given(), rtol, atol, equal_nan, out var result).Check();
            return result;
        }

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Native.ts_isclose(this, other.Given(), rtol, atol, nanEqual);

        private bool SameElements(Tensor target)
        {
            Native.ts_equal(this, target, out var result).Check();
            return result;
        }
    }
}
