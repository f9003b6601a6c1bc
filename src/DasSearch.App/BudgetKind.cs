namespace DasSearch.App;

/// <summary>What a plan is to save.</summary>
public enum BudgetKind
{
    /// <summary>Multiply-accumulates.</summary>
    Macs,

    /// <summary>The time that a batch takes, as it was measured when the search was over.</summary>
    Latency,
}
