using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>The columns of the table of modules, under names as in the database; a contract, since notebooks hold on to them.</summary>
internal static class ModuleColumns
{
    private static readonly (string Name, Func<ModuleRow, object?> Value)[] _all =
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
    internal static string[] Cells(ModuleRow row) =>
        [.. _all.Select(column => Convert.ToString(column.Value(row), CultureInfo.InvariantCulture) ?? "")];

    // Such as "replace module das 192".
    private static string Text(AdapterPlacement adapter) => string.Create(
        CultureInfo.InvariantCulture, $"{EnumNames.NameOf(adapter.Placement)} {adapter.Site} {adapter.Type} {adapter.Bottleneck}");

    private static long PlannedParameters(bool isSkipped, ModuleCosts costs) =>
        isSkipped ? costs.ReplacementParameters : costs.Module.Parameters + costs.AttachedParameters;

    private static long PlannedMultiplyAccumulates(bool isSkipped, ModuleCosts costs) =>
        isSkipped ? costs.ReplacementMultiplyAccumulates : costs.Module.MultiplyAccumulates + costs.AttachedMultiplyAccumulates;
}
