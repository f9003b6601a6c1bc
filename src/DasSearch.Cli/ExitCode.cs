using DasSearch.Core;

namespace DasSearch.Cli;

/// <summary>What a finished command tells its caller.</summary>
public enum ExitCode
{
    /// <summary>The command did what was asked.</summary>
    Done = 0,

    /// <summary>The command was understood and did not succeed.</summary>
    Failed = 1,

    /// <summary>The command line or the configuration is wrong: repeating it cannot help.</summary>
    BadUsage = 2,

    /// <summary>The user stopped it (128 + SIGINT).</summary>
    Interrupted = 130,
}

/// <summary>How a command ends that failed.</summary>
internal static class ExitCodes
{
    internal static ExitCode Of(DasSearchException failure) => failure is UsageException ? ExitCode.BadUsage : ExitCode.Failed;
}
