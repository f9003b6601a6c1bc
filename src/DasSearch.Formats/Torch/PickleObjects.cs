namespace DasSearch.Formats.Torch;

/// <summary>What known names become with what they are given; null where they do not take it.</summary>
internal static class PickleObjects
{
    private const int MostDimensions = 64; // PyTorch's

    internal static object? Make(Known known, object?[] given) => known.Role switch
    {
        Role.Dictionary => Dictionary(given),
        Role.List => given is [List<object?> items] ? items : given is [] ? new List<object?>() : null,
        Role.Sizes => given is [object?[] sizes] ? sizes : null,
        Role.Tensor => Tensor(given, type: null),
        Role.TypedTensor => given is [_, _, _, _, _, _, Known { Role: Role.Type, Type: { } type }, ..] ? Tensor(given, type) : null,
        Role.Parameter => given is [TorchTensor tensor, ..] ? tensor : null,
        _ => null,
    };

    /// <summary>A storage, by what <c>torch.save</c> says of it: that it is one, its type, its key, its device, and how many numbers it has.</summary>
    internal static TorchStorage? Storage(object? said) =>
        said is object?[] and ["storage", Known { Role: Role.Storage } type, string key, string, long and >= 0 and var count]
            ? new TorchStorage(key, type.Type, count)
            : null;

    /// <summary>A namespace's attributes are what it has; those of a state_dict, the versions of its modules, say nothing of weights.</summary>
    internal static void SetState(object? target, object? state)
    {
        if (target is PickleDictionary { Entries.Count: 0 } dictionary && state is PickleDictionary attributes)
        {
            dictionary.Become(attributes);
        }
    }

    private static PickleDictionary? Dictionary(object?[] given) => given switch
    {
        [] => new PickleDictionary(),
        [PickleDictionary entries] => entries, // not a copy, of which a few bytes could make many
        _ => null,
    };

    private static TorchTensor? Tensor(object?[] given, string? type) =>
        given is [TorchStorage storage, long offset, object?[] sizes, object?[] apart, ..]
        && Integers(sizes) is { } shape
        && Integers(apart) is { } strides
        && shape.Length == strides.Length
        && (type ?? storage.Type) is { } numbers
            ? new TorchTensor(storage, numbers, offset, shape, strides)
            : null;

    private static long[]? Integers(object?[] items) =>
        items.Length <= MostDimensions && items.All(static item => item is long) ? [.. items.Cast<long>()] : null;
}
