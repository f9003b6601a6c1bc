using DasSearch.Core;

namespace DasSearch.Cli;

/// <summary>An argument means nothing: repeating the command cannot help.</summary>
/// <param name="message">The sentence that the user reads.</param>
internal sealed class UsageException(string message) : DasSearchException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.BadUsage;
}
