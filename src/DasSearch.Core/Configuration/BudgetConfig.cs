namespace DasSearch.Core.Configuration;

/// <summary>How much a subnetwork saves, where that and not a number of modules is asked for.</summary>
public sealed record BudgetConfig
{
    /// <summary>The change of multiply-accumulates in percent of the untouched model's, adapters counted: below 0, above −100. Null, the default, for none.</summary>
    public double? Macs { get; init => field = Check.SavingOrNull(value, "budget.macs"); }
}
