using System.Globalization;
using CsvHelper;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store;

namespace DasSearch.Exports;

/// <summary>A table of the backbone's modules, for pandas, R or a spreadsheet.</summary>
internal sealed class CsvExporter : IPlanExporter
{
    private static readonly OutputKind _kind = OutputKind.Begins("table of modules", $"^{string.Join(',', ModuleColumns.Names)}\n");

    public string Name => "csv";

    public string Summary => "a table with one row per module: skipped or not, why, its adapters and what it costs";

    public void Claim(OutputGuard guard, ExportRequest request) => guard.Claim(request.Output, _kind);

    public ExportResult Export(ExportRequest request)
    {
        var (rows, notes) = Rows(request);
        OutputFile.Write(request.Output, file =>
        {
            using var csv = CsvWriter.Create(file, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
            csv.WriteRecord(ModuleColumns.Names);
            foreach (var row in rows)
            {
                csv.WriteRecord(ModuleColumns.Cells(row));
            }
        });
        return new ExportResult([request.Output], notes);
    }

    private static (IReadOnlyList<ModuleTableRow> Rows, IReadOnlyList<string> Notes) Rows(ExportRequest request)
    {
        var rows = new ModuleTable(request.Plan);
        if (request.Database is { } path)
        {
            using var store = request.Open(path);
            if (PlanRun.Find(store.Read, request.Plan) is { } run)
            {
                return (rows.With(store.Read, run), []);
            }
        }

        var missing = request.Database is null ? "there is no database of runs" : $"{request.Database} does not have the plan's run";
        return (rows.Alone(), [$"{missing}, so costs and the evidence of kept modules are left empty: name another one with --db"]);
    }
}

/// <summary>Every module of a plan's backbone, with what plan and run know about it.</summary>
internal sealed class ModuleTable(SkipPlan plan)
{
    private readonly Dictionary<int, SkippedModule> _skipped = plan.Skip.ToDictionary(module => module.Index);
    private readonly ILookup<string, AdapterPlacement> _adapters = plan.Adapters.ToLookup(adapter => adapter.Module);

    /// <summary>From the plan and its run: evidence and costs of every module.</summary>
    internal IReadOnlyList<ModuleTableRow> With(IRunReader read, RunDetails run) =>
        [.. read.LayerRewards(run.Summary.Run).Zip(run.Costs.Modules, Measured)];

    /// <summary>From the plan alone: evidence of the skipped modules, and names of the others where the backbone tells them.</summary>
    internal IReadOnlyList<ModuleTableRow> Alone()
    {
        var names = NamesOfAll();
        return [.. Enumerable.Range(0, plan.Modules).Select(index => Planned(index, names?[index]))];
    }

    private ModuleTableRow Measured(LayerReward reward, ModuleCosts costs) => new(
        reward.Module,
        reward.Name,
        reward.Kind,
        _skipped.ContainsKey(reward.Module),
        reward is { Gate: { } gate, Probability: { } probability }
            ? new SkipEvidence(gate, probability, reward.Skipped, reward.MeanRewardSkipped, reward.MeanRewardKept, reward.StandardError)
            : null,
        [.. _adapters[reward.Name]],
        costs);

    private ModuleTableRow Planned(int index, string? name)
    {
        var skipped = _skipped.GetValueOrDefault(index);
        name = skipped?.Module ?? name;
        return new ModuleTableRow(
            index,
            name,
            skipped?.Kind ?? (name is null ? null : ModuleKind.Whole),
            skipped is not null,
            skipped?.Evidence,
            name is null ? [] : [.. _adapters[name]],
            Costs: null);
    }

    // Only where the authors' numbering is the plan's, too.
    private IReadOnlyList<string>? NamesOfAll()
    {
        if (OfficialModels.Find(plan.Backbone) is not { } model || plan.Modules % model.Lists.Count != 0)
        {
            return null;
        }

        var names = model.Names(plan.Modules);
        return plan.Skip.All(module => names[module.Index] == module.Module) ? names : null;
    }
}

/// <summary>A module of a plan's backbone as a row of a table.</summary>
/// <param name="Index">Its index among the plan's modules, from 0.</param>
/// <param name="Name">Its name in the checkpoint; null where nobody knows.</param>
/// <param name="Kind">What part of a layer it is; null likewise.</param>
/// <param name="IsSkipped">Whether the plan skips it.</param>
/// <param name="Evidence">What the search found out about it; null where the plan and its run do not tell.</param>
/// <param name="Adapters">What stands in for it or is attached to it.</param>
/// <param name="Costs">What it costs; null where the run is not there to tell.</param>
internal sealed record ModuleTableRow(
    int Index,
    string? Name,
    ModuleKind? Kind,
    bool IsSkipped,
    SkipEvidence? Evidence,
    IReadOnlyList<AdapterPlacement> Adapters,
    ModuleCosts? Costs);

/// <summary>The columns of the table of modules, under names as in the database; a contract, since notebooks hold on to them.</summary>
internal static class ModuleColumns
{
    private static readonly (string Name, Func<ModuleTableRow, object?> Value)[] _all =
    [
        ("index", row => row.Index),
        ("module", row => row.Name),
        ("kind", row => row.Kind is { } kind ? EnumNames.NameOf(kind) : null),
        ("skipped", row => row.IsSkipped ? 1 : 0),
        ("gate", row => row.Evidence?.Gate),
        ("probability", row => row.Evidence?.Probability),
        ("n_skipped", row => row.Evidence?.Skipped),
        ("mean_reward_skipped", row => row.Evidence?.MeanRewardSkipped),
        ("mean_reward_kept", row => row.Evidence?.MeanRewardKept),
        ("difference", row => row.Evidence?.Difference),
        ("standard_error", row => row.Evidence?.StandardError),
        ("adapters", row => string.Join("; ", row.Adapters.Select(Text))),
        ("parameters", row => row.Costs?.Module.Parameters),
        ("planned_parameters", row => row.Costs is { } costs ? PlannedParameters(row.IsSkipped, costs) : null),
        ("multiply_accumulates", row => row.Costs?.Module.MultiplyAccumulates),
        ("planned_multiply_accumulates", row => row.Costs is { } costs ? PlannedMultiplyAccumulates(row.IsSkipped, costs) : null),
    ];

    /// <summary>The names, in order.</summary>
    internal static string[] Names { get; } = [.. _all.Select(column => column.Name)];

    /// <summary>A row's cells: numbers with all their digits, nothing for what nobody knows.</summary>
    internal static string[] Cells(ModuleTableRow row) =>
        [.. _all.Select(column => Convert.ToString(column.Value(row), CultureInfo.InvariantCulture) ?? "")];

    // Such as "replace module das 192".
    private static string Text(AdapterPlacement adapter) => string.Create(
        CultureInfo.InvariantCulture, $"{EnumNames.NameOf(adapter.Placement)} {adapter.Site} {adapter.Type} {adapter.Bottleneck}");

    private static long PlannedParameters(bool isSkipped, ModuleCosts costs) =>
        isSkipped ? costs.ReplacementParameters : costs.Module.Parameters + costs.AttachedParameters;

    private static long PlannedMultiplyAccumulates(bool isSkipped, ModuleCosts costs) =>
        isSkipped ? costs.ReplacementMultiplyAccumulates : costs.Module.MultiplyAccumulates + costs.AttachedMultiplyAccumulates;
}
