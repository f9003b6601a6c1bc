using DasSearch.Core;

namespace DasSearch.Data;

/// <summary>A dataset's file is missing, unreadable or not what it should be; the message says where and what to do.</summary>
/// <param name="message">The sentence that the user reads.</param>
/// <param name="innerException">What the system said, if it said something.</param>
public sealed class DatasetException(string message, Exception? innerException = null)
    : DasSearchException(message, innerException);
