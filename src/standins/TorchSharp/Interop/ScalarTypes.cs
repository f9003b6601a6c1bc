using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>Which element type holds a .NET type.</summary>
internal static class ScalarTypes
{
    private static readonly Dictionary<Type, ScalarType> s_byType = new()
    {
        [typeof(byte)] = ScalarType.Byte,
        [typeof(sbyte)] = ScalarType.Int8,
        [typeof(short)] = ScalarType.Int16,
        [typeof(int)] = ScalarType.Int32,
        [typeof(long)] = ScalarType.Int64,
        [typeof(Half)] = ScalarType.Float16,
        [typeof(float)] = ScalarType.Float32,
        [typeof(double)] = ScalarType.Float64,
        [typeof(bool)] = ScalarType.Bool,
    };

    /// <summary>Null for a type that no tensor holds.</summary>
    internal static ScalarType? Of(Type type) => s_byType.TryGetValue(type, out var found) ? found : null;
}
