using TorchSharp.Interop;

namespace TorchSharp;

// Facts about element types.
public static partial class torch
{
    public static ScalarType get_default_dtype() => (ScalarType)Native.ts_get_default_dtype();

    /// <summary>Sets the type of new tensors whose type is not given.</summary>
    /// <exception cref="ArgumentException">The type is not a floating one; libtorch itself would take it, as PyTorch does not.</exception>
    public static void set_default_dtype(ScalarType dtype)
    {
        if (!is_floating_point(dtype))
        {
            throw new ArgumentException($"Only floating-point types are supported as the default type, got {dtype}.", nameof(dtype));
        }

        Native.ts_set_default_dtype((int)dtype).Check();
    }

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    public static bool is_floating_point(Tensor input) => input.Given().is_floating_point();

    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;

    public static bool is_integral(Tensor t) => t.Given().is_integral();

    public static bool is_tensor(object obj) => obj is Tensor;

    public static long numel(Tensor input) => input.Given().numel();

    public static ScalarType promote_types(ScalarType type1, ScalarType type2)
    {
        Native.ts_promote_types((int)type1, (int)type2, out var result).Check();
        return (ScalarType)result;
    }

    public static bool can_cast(ScalarType from, ScalarType to)
    {
        Native.ts_can_cast((int)from, (int)to, out var result).Check();
        return result;
    }

    /// <summary>The type of the result of an operation on the two.</summary>
    public static ScalarType result_type(Tensor tensor1, Tensor tensor2)
    {
        Native.ts_result_type(tensor1.Given(), tensor2.Given(), out var result).Check();
        return (ScalarType)result;
    }

    /// <summary>The limits of a floating type.</summary>
    /// <exception cref="ArgumentException">The type is not a floating one.</exception>
    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float16 => new FInfo(16, 0.0009765625, 65504, 6.103515625e-05),
        ScalarType.BFloat16 => new FInfo(16, 0.0078125, 3.3895313892515355e+38, 1.1754943508222875e-38),
        ScalarType.Float32 => new FInfo(32, 1.1920928955078125e-07, float.MaxValue, 1.1754943508222875e-38),
        ScalarType.Float64 => new FInfo(64, 2.220446049250313e-16, double.MaxValue, 2.2250738585072014e-308),
        _ => throw new ArgumentException($"finfo expects a floating type, got {dtype}.", nameof(dtype)),
    };

    /// <summary>Limits of a floating type: its width in bits, the gap after 1, and its extremes.</summary>
    public struct FInfo
    {
        public int bits;
        public double eps;
        public double max;
        public double min;

        /// <summary>The smallest positive number of full precision.</summary>
        public double tiny;

        internal FInfo(int bits, double eps, double max, double tiny)
        {
            this.bits = bits;
            this.eps = eps;
            this.max = max;
            min = -max;
            this.tiny = tiny;
        }
    }
}
