using System.Globalization;
using DasSearch.Core;
using DasSearch.Reporter.Comparison;

namespace DasSearch.Reporter.Reports;

/// <summary>Where a report's numbers come from.</summary>
internal static class Provenance
{
    /// <summary>Everything that is known of a run, names and values.</summary>
    internal static IReadOnlyList<(string Name, string Value)> Of(ComparedRun compared)
    {
        var (run, summary, environment) = (compared.Details, compared.Details.Summary, compared.Details.Environment);
        return
        [
            ("run", $"{summary.Run} {summary.Name}"),
            ("status", EnumNames.NameOf(summary.Status) + (summary.Problem is null ? "" : $": {summary.Problem}")),
            ("task", summary.Task),
            ("backbone", $"{summary.Backbone}, {run.Costs.Modules.Count} modules"),
            ("checkpoint", run.Checkpoint is null ? "none: fresh weights" : $"{run.Checkpoint}, SHA-256 {run.CheckpointSha256}"),
            ("controller", $"{summary.Controller}, skips {summary.Skip} of {run.Costs.Modules.Count}"),
            ("seed", summary.Seed.ToString(CultureInfo.InvariantCulture)),
            ("rounds", $"{Text(summary.Rounds)}, {Text(summary.Evaluations)} evaluations"),
            ("validation mode", compared.Importance.Evidence.Mode is { } mode ? EnumNames.NameOf(mode) : "–"),
            ("begun", Time(summary.StartedAt)),
            ("ended", summary.FinishedAt is { } end ? Time(end) : "–"),
            ("das", environment.ToolVersion),
            ("libtorch", $"{environment.TorchVersion} ({environment.TorchBackend}) on {environment.Device}, {Text(environment.Threads)} threads"),
            ("machine", environment.Machine),
            ("settings", $"{run.ConfigPath ?? "–"}, SHA-256 {run.ConfigSha256}"),
        ];
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
