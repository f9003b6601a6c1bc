namespace DasSearch.Core;

/// <summary>What frozen weights and fast validation compute in; what is trained is float32 always.</summary>
/// <remarks>Rewards of different precisions are not the same, bit for bit: it is stored with each.</remarks>
#pragma warning disable CA1720 // They are names of types.
public enum Precision
{
    Float32,

    BFloat16,
}
#pragma warning restore CA1720
