namespace DasSearch.Formats.Torch;

/// <summary>What a pickle has that no checkpoint is asked for, such as bytes or a device: it is there, and means nothing.</summary>
internal sealed class Inert
{
    internal static Inert Value { get; } = new();
}

/// <summary>A dictionary as it was written: nothing is looked up in it, and so no key is hashed.</summary>
internal sealed class PickleDictionary
{
    private List<KeyValuePair<object?, object?>> _entries = [];

    internal IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries;

    internal void Add(object? key, object? value) => _entries.Add(new KeyValuePair<object?, object?>(key, value));

    /// <summary>Has from now on what another one has, and not a copy, of which a few bytes could make many.</summary>
    internal void Become(PickleDictionary other) => _entries = other._entries;

    /// <summary>What the last entry of a name has; null where there is none.</summary>
    internal object? Find(string name) => _entries.FindLast(entry => entry.Key is string key && key == name).Value;
}

/// <summary>Numbers that tensors are views of: a file of the archive.</summary>
/// <param name="Key">The file's name among those of numbers.</param>
/// <param name="Type">The numbers' type; null where they are bytes of any.</param>
/// <param name="Count">How many there are said to be.</param>
internal sealed record TorchStorage(string Key, string? Type, long Count);

/// <summary>A tensor: a view of a storage.</summary>
internal sealed record TorchTensor(TorchStorage Storage, string Type, long Offset, long[] Shape, long[] Strides);

/// <summary>What a name in a pickle stands for.</summary>
internal enum Role
{
    /// <summary>A dictionary.</summary>
    Dictionary,

    /// <summary>A list; sets are lists of what is in them.</summary>
    List,

    /// <summary>A tuple of sizes.</summary>
    Sizes,

    /// <summary>A tensor of a storage, offset, shape and strides.</summary>
    Tensor,

    /// <summary>The same, with the type of its numbers.</summary>
    TypedTensor,

    /// <summary>A tensor that is given.</summary>
    Parameter,

    /// <summary>The type of a storage.</summary>
    Storage,

    /// <summary>The type of numbers.</summary>
    Type,

    /// <summary>Something that nobody asks for, with whatever it is given.</summary>
    Inert,

    /// <summary>A class that is only named, as the key under which a callback's state is kept.</summary>
    Name,
}

/// <summary>A name that is known.</summary>
/// <param name="Type">The type of numbers, where it tells one.</param>
internal sealed record Known(string Name, Role Role, string? Type = null);

/// <summary>The only names that a pickle may have. Each stands for data; nothing of Python is called by any.</summary>
internal static class KnownNames
{
    private static readonly (string Storage, string Type, string Name)[] _types =
    [
        ("Float", "float32", "F32"), ("Double", "float64", "F64"), ("Half", "float16", "F16"), ("BFloat16", "bfloat16", "BF16"),
        ("Long", "int64", "I64"), ("Int", "int32", "I32"), ("Short", "int16", "I16"), ("Char", "int8", "I8"), ("Byte", "uint8", "U8"), ("Bool", "bool", "BOOL"),
        ("UInt16", "uint16", "U16"), ("UInt32", "uint32", "U32"), ("UInt64", "uint64", "U64"),

        // What safetensors has no name for is refused as a tensor, not as a name.
        ("ComplexFloat", "complex64", "complex64"), ("ComplexDouble", "complex128", "complex128"),
        ("QInt8", "qint8", "qint8"), ("QUInt8", "quint8", "quint8"), ("QInt32", "qint32", "qint32"),
    ];

    private static readonly Dictionary<string, Known> _all = new Known[]
        {
            new("collections.OrderedDict", Role.Dictionary),
            new("collections.Counter", Role.Dictionary),
            new("argparse.Namespace", Role.Dictionary),
            new("pytorch_lightning.utilities.parsing.AttributeDict", Role.Dictionary),
            new("lightning.pytorch.utilities.parsing.AttributeDict", Role.Dictionary),
            new("lightning_fabric.utilities.data.AttributeDict", Role.Dictionary),
            new("lightning.fabric.utilities.data.AttributeDict", Role.Dictionary),
            new("builtins.set", Role.List),
            new("__builtin__.set", Role.List),
            new("builtins.frozenset", Role.List),
            new("__builtin__.frozenset", Role.List),
            new("torch.Size", Role.Sizes),
            new("torch._utils._rebuild_tensor", Role.Tensor),
            new("torch._utils._rebuild_tensor_v2", Role.Tensor),
            new("torch._utils._rebuild_tensor_v3", Role.TypedTensor),
            new("torch._utils._rebuild_parameter", Role.Parameter),
            new("torch._utils._rebuild_parameter_with_state", Role.Parameter),
            new("torch.storage.UntypedStorage", Role.Storage),
            new("torch.storage._UntypedStorage", Role.Storage),
            new("torch.device", Role.Inert),
            new("_codecs.encode", Role.Inert), // how protocol 2 writes bytes
            new("pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint", Role.Name),
            new("pytorch_lightning.callbacks.early_stopping.EarlyStopping", Role.Name),
            new("lightning.pytorch.callbacks.model_checkpoint.ModelCheckpoint", Role.Name),
            new("lightning.pytorch.callbacks.early_stopping.EarlyStopping", Role.Name),
        }
        .Concat(_types.Select(static type => new Known($"torch.{type.Storage}Storage", Role.Storage, type.Name)))
        .Concat(_types.Select(static type => new Known($"torch.{type.Type}", Role.Type, type.Name)))
        .ToDictionary(static known => known.Name, StringComparer.Ordinal);

    /// <summary>What a name stands for; null for any other.</summary>
    internal static Known? Find(string name) => _all.GetValueOrDefault(name);
}
