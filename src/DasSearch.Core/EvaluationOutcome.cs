namespace DasSearch.Core;

/// <summary>How the scoring of a subnetwork ended.</summary>
public enum EvaluationOutcome
{
    /// <summary>With a finite loss and reward.</summary>
    Scored,

    /// <summary>With a loss or reward that is infinite or no number; it counts as reward 0.</summary>
    Diverged,

    /// <summary>With an error; it counts as reward 0.</summary>
    Failed,

    /// <summary>Not at all, because the run was stopped; it counts for nothing.</summary>
    Cancelled,
}
