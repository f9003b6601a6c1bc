namespace DasSearch.Core.Files;

/// <summary>A file or folder could not be written; what was there is as it was.</summary>
/// <param name="message">The sentence that the user reads.</param>
/// <param name="innerException">The cause.</param>
public sealed class OutputException(string message, Exception? innerException = null) : DasSearchException(message, innerException);
