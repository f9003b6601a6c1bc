using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace TorchSharp.Interop;

/// <summary>A number as the native half takes it: its bits, and whether they are an integer, a double or a truth value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeScalar(long bits, int kind)
{
    internal readonly long Bits = bits;
    internal readonly int Kind = kind;

    internal static NativeScalar Integer(long value) => new(value, 0);

    internal static NativeScalar Real(double value) => new(BitConverter.DoubleToInt64Bits(value), 1);

    internal static NativeScalar Truth(bool value) => new(value ? 1 : 0, 2);
}

/// <summary>Passes a <see cref="Scalar"/> by value.</summary>
[CustomMarshaller(typeof(Scalar), MarshalMode.ManagedToUnmanagedIn, typeof(ScalarMarshaller))]
internal static class ScalarMarshaller
{
    /// <exception cref="ArgumentNullException">A number is missing where one is required.</exception>
    public static NativeScalar ConvertToUnmanaged(Scalar? scalar) =>
        (scalar ?? throw new ArgumentNullException(nameof(scalar), "A number is required here, got null.")).Value;
}
