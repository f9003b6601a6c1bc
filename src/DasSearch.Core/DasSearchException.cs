namespace DasSearch.Core;

/// <summary>Base of the failures that a user can act on: the command line shows the message, alone, and no stack trace.</summary>
/// <remarks>
/// A message is one sentence that says what was expected, what came, and where (file, key and line, module, row).
/// A failure that only a developer can act on is some other exception.
/// </remarks>
/// <param name="message">The sentence that the user reads.</param>
/// <param name="innerException">The cause, shown only where a trace was asked for.</param>
public class DasSearchException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>How the command ends; <see cref="ExitCode.Failed"/> unless a derived failure says otherwise.</summary>
    public virtual ExitCode ExitCode => ExitCode.Failed;
}
