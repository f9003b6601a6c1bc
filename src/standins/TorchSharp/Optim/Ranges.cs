using System.Runtime.CompilerServices;

namespace TorchSharp.Modules;

/// <summary>Checks of an optimizer's settings.</summary>
internal static class Ranges
{
    internal static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 0 ? value : throw new ArgumentException($"Invalid value of {name}: expected 0 or more, got {value}.", name);

    internal static double BelowOne(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and < 1
            ? value
            : throw new ArgumentException($"Invalid value of {name}: expected at least 0 and below 1, got {value}.", name);
}
