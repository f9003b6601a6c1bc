using DasSearch.Core;

namespace DasSearch.Store;

/// <summary>The database could not do what was asked; what it held before, it still holds.</summary>
/// <param name="message">The sentence that the user reads: the file, what happened, the remedy.</param>
/// <param name="innerException">The cause.</param>
public sealed class StoreException(string message, Exception? innerException = null) : DasSearchException(message, innerException);
