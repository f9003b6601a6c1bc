using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TorchSharp.Interop;

/// <summary>Checks that the native half could not make, or could only make after reading past an end.</summary>
internal static class Arguments
{
    /// <exception cref="ArgumentNullException"><paramref name="tensor"/> is null.</exception>
    internal static torch.Tensor Given(
        [NotNull] this torch.Tensor? tensor, [CallerArgumentExpression(nameof(tensor))] string? name = null) =>
        tensor ?? throw new ArgumentNullException(name, "A tensor is required here, got null.");

    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    internal static ReadOnlySpan<long> Given(
        [NotNull] this long[]? values, [CallerArgumentExpression(nameof(values))] string? name = null) =>
        values ?? throw new ArgumentNullException(name);

    /// <exception cref="NotSupportedException">Dimensions are to be named.</exception>
    internal static void Unnamed(string[]? names)
    {
        if (names is not null)
        {
            throw new NotSupportedException($"Named dimensions are not supported, got names [{string.Join(", ", names)}].");
        }
    }
}
