namespace DasSearch.Core.Plans;

/// <summary>A plan could not be read, written or applied.</summary>
/// <param name="message">The sentence that the user reads.</param>
/// <param name="innerException">The cause.</param>
public sealed class PlanException(string message, Exception? innerException = null) : DasSearchException(message, innerException);
