using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>A source is not what the authors' code leaves behind, or does not say enough.</summary>
/// <param name="message">The sentence that the user reads.</param>
/// <param name="innerException">The cause.</param>
public sealed class ImportException(string message, Exception? innerException = null)
    : DasSearchException(OneLine(message), innerException)
{
    // What is quoted comes from outside, and may have lines of its own.
    private static string OneLine(string text) => string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter));
}
