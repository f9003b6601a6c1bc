using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>A target or an option that does not exist was asked for: repeating the command cannot help.</summary>
/// <param name="message">The sentence that the user reads.</param>
public sealed class ExportUsageException(string message) : ExportException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.BadUsage;
}
