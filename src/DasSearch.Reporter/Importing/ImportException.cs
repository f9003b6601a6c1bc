using DasSearch.Core;

namespace DasSearch.Reporter.Importing;

/// <summary>A source is not what the authors' code leaves behind, or does not say enough.</summary>
/// <param name="message">The sentence that the user reads.</param>
/// <param name="innerException">The cause.</param>
public sealed class ImportException(string message, Exception? innerException = null) : DasSearchException(message, innerException);
