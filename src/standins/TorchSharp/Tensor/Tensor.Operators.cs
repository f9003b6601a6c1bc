using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // What C# writes as operators and conversions. A comparison gives a tensor, so test for null with "is null".
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.Given().add(right);

        public static Tensor operator +(Tensor left, Scalar right) => left.Given().add(right);

        public static Tensor operator +(Scalar left, Tensor right) => right.Given().add(left);

        public static Tensor operator -(Tensor left, Tensor right) => left.Given().sub(right);

        public static Tensor operator -(Tensor left, Scalar right) => left.Given().sub(right);

        public static Tensor operator -(Scalar left, Tensor right) => Native.ts_rsub_scalar(right.Given(), left);

        public static Tensor operator *(Tensor left, Tensor right) => left.Given().mul(right);

        public static Tensor operator *(Tensor left, Scalar right) => left.Given().mul(right);

        public static Tensor operator *(Scalar left, Tensor right) => right.Given().mul(left);

        public static Tensor operator /(Tensor left, Tensor right) => left.Given().div(right);

        public static Tensor operator /(Tensor left, Scalar right) => left.Given().div(right);

        public static Tensor operator /(Scalar left, Tensor right) => Native.ts_rdiv_scalar(right.Given(), left);

        public static Tensor operator %(Tensor left, Tensor right) => left.Given().remainder(right);

        public static Tensor operator %(Tensor left, Scalar right) => left.Given().remainder(right);

        public static Tensor operator ==(Tensor left, Tensor right) => left.Given().eq(right);

        public static Tensor operator ==(Tensor left, Scalar right) => left.Given().eq(right);

        public static Tensor operator ==(Scalar left, Tensor right) => right.Given().eq(left);

        public static Tensor operator !=(Tensor left, Tensor right) => left.Given().ne(right);

        public static Tensor operator !=(Tensor left, Scalar right) => left.Given().ne(right);

        public static Tensor operator !=(Scalar left, Tensor right) => right.Given().ne(left);

        public static Tensor operator <(Tensor left, Tensor right) => left.Given().lt(right);

        public static Tensor operator <(Tensor left, Scalar right) => left.Given().lt(right);

        public static Tensor operator <(Scalar left, Tensor right) => right.Given().gt(left);

        public static Tensor operator <=(Tensor left, Tensor right) => left.Given().le(right);

        public static Tensor operator <=(Tensor left, Scalar right) => left.Given().le(right);

        public static Tensor operator <=(Scalar left, Tensor right) => right.Given().ge(left);

        public static Tensor operator >(Tensor left, Tensor right) => left.Given().gt(right);

        public static Tensor operator >(Tensor left, Scalar right) => left.Given().gt(right);

        public static Tensor operator >(Scalar left, Tensor right) => right.Given().lt(left);

        public static Tensor operator >=(Tensor left, Tensor right) => left.Given().ge(right);

        public static Tensor operator >=(Tensor left, Scalar right) => left.Given().ge(right);

        public static Tensor operator >=(Scalar left, Tensor right) => right.Given().le(left);

        public static Tensor operator &(Tensor left, Tensor right) => left.Given().bitwise_and(right);

        public static Tensor operator |(Tensor left, Tensor right) => left.Given().bitwise_or(right);

        public static Tensor operator ^(Tensor left, Tensor right) => left.Given().bitwise_xor(right);

        public static Tensor operator ~(Tensor left) => left.Given().bitwise_not();

        public static Tensor operator -(Tensor tensor) => tensor.Given().neg();

        public static implicit operator Tensor(byte value) => tensor(value);

        public static implicit operator Tensor(byte[] value) => tensor(value);

        public static implicit operator Tensor(short value) => tensor(value);

        public static implicit operator Tensor(short[] value) => tensor(value);

        public static implicit operator Tensor(int value) => tensor(value);

        public static implicit operator Tensor(int[] value) => tensor(value);

        public static implicit operator Tensor(long value) => tensor(value);

        public static implicit operator Tensor(long[] value) => tensor(value);

        public static implicit operator Tensor(float value) => tensor(value);

        public static implicit operator Tensor(float[] value) => tensor(value);

        public static implicit operator Tensor(double value) => tensor(value);

        public static implicit operator Tensor(double[] value) => tensor(value);

        public static implicit operator Tensor(bool value) => tensor(value);

        public static implicit operator Tensor(bool[] value) => tensor(value);

        public static implicit operator Tensor(Scalar scalar) => scalar.Type switch
        {
            ScalarType.Bool => tensor(scalar.ToBoolean()),
            ScalarType.Byte => tensor(scalar.ToByte()),
            ScalarType.Int16 => tensor(scalar.ToInt16()),
            ScalarType.Int32 => tensor(scalar.ToInt32()),
            ScalarType.Int64 => tensor(scalar.ToInt64()),
            ScalarType.Float32 => tensor(scalar.ToSingle()),
            _ => tensor(scalar.ToDouble()),
        };

        public static explicit operator byte(Tensor value) => value.Given().ToByte();

        public static explicit operator short(Tensor value) => value.Given().ToInt16();

        public static explicit operator int(Tensor value) => value.Given().ToInt32();

        public static explicit operator long(Tensor value) => value.Given().ToInt64();

        public static explicit operator float(Tensor value) => value.Given().ToSingle();

        public static explicit operator double(Tensor value) => value.Given().ToDouble();

        public static explicit operator bool(Tensor value) => value.Given().ToBoolean();
    }
}
