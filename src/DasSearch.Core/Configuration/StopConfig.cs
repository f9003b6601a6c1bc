namespace DasSearch.Core.Configuration;

/// <summary>Whether a search may end before its schedule does, being sure enough of its choice.</summary>
public sealed record StopConfig
{
    /// <summary>δ, how likely the choice may still be wrong when the search ends; above 0, below 1. Null, the default, never ends it early.</summary>
    /// <remarks>It holds as far as rewards are sums of what layers and pairs of layers add.</remarks>
    public double? Error { get; init => field = Check.ChanceOrNull(value, "stop.error"); }

    /// <summary>ε, by what share more reward another subnetwork must have for the choice to be wrong; at least 0, by default 0.02.</summary>
    public double? Tolerance { get; init => field = Check.NotNegativeOrNull(value, "stop.tolerance"); }

    /// <summary>The same with its tolerance, where the rule is on.</summary>
    public StopConfig Resolved() => Error is null ? this : this with { Tolerance = Tolerance ?? 0.02 };
}
