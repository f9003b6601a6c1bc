namespace DasSearch.Core;

/// <summary>Base of the failures that a user can act on: the command line shows the message, alone, and no stack trace.</summary>
/// <remarks>
/// A message is one sentence that says what was expected, what came, and where (file, key and line, module, row). It is one line
/// whatever it quotes, since files and arguments come from anyone.
/// A failure that only a developer can act on is some other exception.
/// </remarks>
/// <param name="message">The sentence that the user reads.</param>
/// <param name="innerException">The cause, shown only where a trace was asked for.</param>
public class DasSearchException(string message, Exception? innerException = null) : Exception(SingleLine.Of(message), innerException);

/// <summary>What was asked for cannot be, such as a setting or a name that does not exist: repeating it cannot help.</summary>
public class UsageException(string message, Exception? innerException = null) : DasSearchException(message, innerException);

/// <summary>Words that somebody may have sent, on one line.</summary>
public static class SingleLine
{
    private const int Longest = 4000;
    private const int Beginning = 3000;
    private const int End = 500;

    /// <summary>The text with spaces for line breaks and other control characters; of a very long one its beginning and its end.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = text.Length <= Longest ? text : $"{text.AsSpan(0, Beginning)} … {text.AsSpan(text.Length - End)}";
        return shown.Any(char.IsControl) ? string.Concat(shown.Select(static letter => char.IsControl(letter) ? ' ' : letter)) : shown;
    }
}
