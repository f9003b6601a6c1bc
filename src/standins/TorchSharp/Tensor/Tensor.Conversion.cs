using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Copies, element types and devices.
    public partial class Tensor
    {
        /// <summary>A second owner of the same native tensor.</summary>
        public Tensor alias() => Native.ts_alias(this);

        public Tensor clone() => Native.ts_clone(this);

        public Tensor contiguous() => Native.ts_contiguous(this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Done(Native.ts_copy_(this, source.Given(), nonBlocking));

        public Tensor fill_(Scalar value) => Done(Native.ts_fill_(this, value));

        public Tensor zero_() => Done(Native.ts_zero_(this));

        public Tensor type(ScalarType dtype) => Native.ts_to(this, new TensorOptions(dtype, null));

        public Tensor type_as(Tensor tensor) => type(tensor.Given().dtype);

        public Tensor @bool() => type(ScalarType.Bool);

        public Tensor @byte() => type(ScalarType.Byte);

        public Tensor @int() => type(ScalarType.Int32);

        public Tensor @long() => type(ScalarType.Int64);

        public Tensor @float() => type(ScalarType.Float32);

        public Tensor @double() => type(ScalarType.Float64);

        public Tensor cpu() => Native.ts_to(this, new TensorOptions(null, CPU));
    }
}
