namespace DasSearch.Core;

/// <summary>Base of the failures that a user can act on: the command line shows the message, alone, and no stack trace.</summary>
/// <remarks>
/// A message is one sentence that says what was expected, what came, and where (file, key and line, module, row).
/// A failure that only a developer can act on is some other exception.
/// </remarks>
/// <param name="message">The sentence that the user reads.</param>
/// <param name="innerException">The cause, shown only where a trace was asked for.</param>
public class DasSearchException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>What was asked for cannot be, such as a setting or a name that does not exist: repeating it cannot help.</summary>
public class UsageException(string message, Exception? innerException = null) : DasSearchException(message, innerException);
