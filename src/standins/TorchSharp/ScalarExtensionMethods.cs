using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Conversions between .NET's numbers and <see cref="Scalar"/>.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => new(NativeScalar.Integer(value), ScalarType.Byte);

    public static Scalar ToScalar(this short value) => new(NativeScalar.Integer(value), ScalarType.Int16);

    public static Scalar ToScalar(this int value) => new(NativeScalar.Integer(value), ScalarType.Int32);

    public static Scalar ToScalar(this long value) => new(NativeScalar.Integer(value), ScalarType.Int64);

    public static Scalar ToScalar(this float value) => new(NativeScalar.Real(value), ScalarType.Float32);

    public static Scalar ToScalar(this double value) => new(NativeScalar.Real(value), ScalarType.Float64);

    public static Scalar ToScalar(this bool value) => new(NativeScalar.Truth(value), ScalarType.Bool);

    public static float ToSingle(this Scalar value) => (float)value.AsDouble();

    public static double ToDouble(this Scalar value) => value.AsDouble();

    public static byte ToByte(this Scalar value) => (byte)value.AsInteger();

    public static short ToInt16(this Scalar value) => (short)value.AsInteger();

    public static int ToInt32(this Scalar value) => (int)value.AsInteger();

    public static long ToInt64(this Scalar value) => value.AsInteger();

    public static bool ToBoolean(this Scalar value) => value.AsDouble() != 0;
}
