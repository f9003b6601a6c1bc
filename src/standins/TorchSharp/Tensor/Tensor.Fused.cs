using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Element-wise functions of several operands.
    public partial class Tensor
    {
        /// <summary>this + value · tensor1 · tensor2.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Native.ts_addcmul(this, tensor1.Given(), tensor2.Given(), value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Done(Native.ts_addcmul_(this, tensor1.Given(), tensor2.Given(), value));

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => addcdiv(tensor1, tensor2, One);

        /// <summary>this + value · tensor1 / tensor2.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Native.ts_addcdiv(this, tensor1.Given(), tensor2.Given(), value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => addcdiv_(tensor1, tensor2, One);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Done(Native.ts_addcdiv_(this, tensor1.Given(), tensor2.Given(), value));

        /// <summary>this + weight · (end − this).</summary>
        public Tensor lerp(Tensor end, Tensor weight) => Native.ts_lerp(this, end.Given(), weight.Given());

        public Tensor lerp_(Tensor end, Tensor weight) => Done(Native.ts_lerp_(this, end.Given(), weight.Given()));

        /// <summary>Limits every element to [min, max]; at least one of them is given.</summary>
        public unsafe Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            var (low, high) = (min?.Value ?? default, max?.Value ?? default);
            return Native.ts_clamp_scalar(this, min is null ? null : &low, max is null ? null : &high);
        }

        public unsafe Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            var (low, high) = (min?.Value ?? default, max?.Value ?? default);
            return Done(Native.ts_clamp_scalar_(this, min is null ? null : &low, max is null ? null : &high));
        }

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Native.ts_clamp(this, min, max);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Done(Native.ts_clamp_(this, min, max));

        public Tensor clamp_min(Scalar min) => clamp(min);

        public Tensor clamp_min_(Scalar min) => clamp_(min);

        public Tensor clamp_max(Scalar max) => clamp(max: max);

        public Tensor clamp_max_(Scalar max) => clamp_(max: max);

        /// <summary>Elements of this where the condition holds, of y elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Native.ts_where(condition.Given(), this, y.Given());

        public Tensor masked_fill(Tensor mask, Scalar value) => Native.ts_masked_fill(this, mask.Given(), value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Done(Native.ts_masked_fill_(this, mask.Given(), value));
    }
}
