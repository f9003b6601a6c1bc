using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>A plan could not be exported.</summary>
/// <param name="message">The sentence that the user reads.</param>
/// <param name="innerException">The cause.</param>
public class ExportException(string message, Exception? innerException = null) : DasSearchException(message, innerException);
