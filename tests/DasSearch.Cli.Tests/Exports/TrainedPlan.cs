using DasSearch.Core.Plans;
using DasSearch.Exports;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>A trained plan on disk, and what its network gives.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Path">Its file.</param>
/// <param name="Checkpoint">Its checkpoint.</param>
/// <param name="Inputs">A file of inputs.</param>
/// <param name="Logits">What libtorch makes of them.</param>
internal sealed record TrainedPlan(SkipPlan Plan, string Path, string Checkpoint, string Inputs, IReadOnlyList<float[]> Logits)
{
    /// <summary>The papers' tolerance for what other programs compute.</summary>
    private const float Tolerance = 1e-4f;

    /// <summary>Exports it.</summary>
    internal ExportResult Export(string target, string output, params (string Key, string Value)[] options) =>
        Export(target, output, this.Plan, options);

    /// <summary>Exports another plan in its place.</summary>
    internal ExportResult Export(string target, string output, SkipPlan plan, params (string Key, string Value)[] options) =>
        PlanExport.Run(ExporterTable.Standard.Named(target), new ExportRequest(
            plan, Path, output, Database: null, Checkpoint: null, options.ToDictionary(option => option.Key, option => option.Value)));

    /// <summary>Asserts that another program computes the same.</summary>
    internal void AssertSame(IReadOnlyList<float[]> rows, string? what = null)
    {
        Assert.Equal(Logits.Select(row => row.Length), rows.Select(row => row.Length));
        var largest = Logits.Zip(rows).SelectMany(pair => pair.First.Zip(pair.Second, (ours, theirs) => Math.Abs(ours - theirs))).Max();
        Assert.True(largest <= Tolerance, $"{what} logits differ by {largest}, expected at most {Tolerance}");
        Assert.Contains(Logits.SelectMany(row => row), logit => Math.Abs(logit) > 100 * Tolerance); // Not all about 0.
    }
}
