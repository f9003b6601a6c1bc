using DasSearch.Data;

namespace DasSearch.App;

/// <summary>Which subnetworks of a run's supernet are scored, and on what.</summary>
/// <param name="Run">The run's number or name.</param>
/// <param name="Skip">How many modules are skipped; null for as many as the search did.</param>
/// <param name="Split">The samples.</param>
/// <param name="BatchSize">Samples of a batch.</param>
public sealed record ExhaustiveRequest(string Run, int? Skip, Split Split, int BatchSize)
{
    /// <summary>More would take days, and gigabytes for their samples' losses.</summary>
    public const long MostSubnetworks = 10_000;
}
