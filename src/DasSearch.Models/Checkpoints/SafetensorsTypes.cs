using static TorchSharp.torch;

namespace DasSearch.Models.Checkpoints;

/// <summary>The names that safetensors gives to types of element.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ScalarType Type, int Size)[] _all =
    [
        ("BOOL", ScalarType.Bool, 1),
        ("U8", ScalarType.Byte, 1),
        ("I8", ScalarType.Int8, 1),
        ("I16", ScalarType.Int16, 2),
        ("I32", ScalarType.Int32, 4),
        ("I64", ScalarType.Int64, 8),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("F32", ScalarType.Float32, 4),
        ("F64", ScalarType.Float64, 8),
    ];

    internal static string Names => string.Join(", ", _all.Select(static entry => entry.Name));

    internal static ScalarType? Of(string name)
    {
        var i = Array.FindIndex(_all, entry => entry.Name == name);
        return i < 0 ? null : _all[i].Type;
    }

    internal static string Name(ScalarType type) => Find(type).Name;

    /// <summary>Bytes of one element.</summary>
    internal static int Size(ScalarType type) => Find(type).Size;

    private static (string Name, ScalarType Type, int Size) Find(ScalarType type)
    {
        var i = Array.FindIndex(_all, entry => entry.Type == type);
        return i >= 0 ? _all[i] : throw new ArgumentException($"safetensors has no name for {type}.", nameof(type));
    }
}
