using DasSearch.Data;

namespace DasSearch.Cli.Searching;

/// <summary>What <c>das truth</c> is asked for.</summary>
/// <param name="Run">The run's number or name.</param>
/// <param name="Database">The database's file.</param>
/// <param name="Skip">How many modules are skipped; null for as many as the search did.</param>
/// <param name="Split">The samples.</param>
/// <param name="BatchSize">Samples of a batch.</param>
/// <param name="Quiet">Whether no progress is shown.</param>
internal sealed record TruthOptions(string Run, string Database, int? Skip, Split Split, int BatchSize, bool Quiet)
{
    /// <summary>More would take days, and gigabytes for their samples' losses.</summary>
    internal const long MostSubnetworks = 10_000;
}
