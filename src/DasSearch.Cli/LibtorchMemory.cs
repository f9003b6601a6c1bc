using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace DasSearch.Cli;

/// <summary>What libtorch says where it has not got the memory that it asked for, in words that tell what can be done.</summary>
internal static partial class LibtorchMemory
{
    /// <summary>The sentence; null where a failure is another one.</summary>
    internal static string? Sentence(ExternalException failure) => Refused().Match(failure.Message) is { Success: true } match
        ? $"there is not enough memory: libtorch asked for {match.Groups["amount"].Value} at once; smaller batches (search.batch_size, validation.batch_size, training.batch_size) or "
            + "a smaller method need less"
        : null;

    // Of the processor's memory, and of a GPU's.
    [GeneratedRegex(@"(?:can't allocate memory|out of memory).*?[Tt]ried to allocate (?<amount>[0-9.]+ (?:bytes|[KMGT]iB))", RegexOptions.Singleline)]
    private static partial Regex Refused();
}
