using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Reports.Tables;

namespace DasSearch.Reporter.Reports.Figures;

/// <summary>In what the searches differ.</summary>
internal static class SettingsTable
{
    internal static Figure Of(RunComparison comparison) => new(
        "settings",
        "Settings in which the runs differ",
        comparison.Settings.Count == 0 ? "They differ in name and seed alone." : "Name and seed apart.",
        Plot: null,
        new DataTable(
            [
                new Column("setting", "setting"),
                .. comparison.Runs.Select(static run =>
                    new Column(FormattableString.Invariant($"run_{run.Number}"), FormattableString.Invariant($"run {run.Number}"))),
            ],
            [.. comparison.Settings.Select(static setting => (IReadOnlyList<object?>)[setting.Key, .. setting.Values])]));
}
