namespace DasSearch.Exports;

/// <summary>The names that safetensors gives to types of number, and how many bytes one takes.</summary>
public static class WeightTypes
{
    private static readonly (string Name, int Size)[] _all =
    [
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("U16", 2), ("I16", 2), ("U32", 4), ("I32", 4), ("U64", 8), ("I64", 8),
        ("F16", 2), ("BF16", 2), ("F32", 4), ("F64", 8),
    ];

    /// <summary>Whether there is a type of that name.</summary>
    public static bool Has(string name) => Array.Exists(_all, type => type.Name == name);

    /// <summary>Bytes of one number.</summary>
    /// <exception cref="ArgumentException">There is no such type.</exception>
    public static int Size(string name) => Has(name)
        ? Array.Find(_all, type => type.Name == name).Size
        : throw new ArgumentException($"safetensors has no type {name}.", nameof(name));

    /// <summary>All names, for messages.</summary>
    public static string Names => string.Join(", ", _all.Select(static type => type.Name));
}
