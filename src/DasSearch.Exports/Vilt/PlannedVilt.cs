using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>The network of a trained plan: sizes, blocks, head, and every weight that it has, and no other.</summary>
/// <param name="Sizes">The backbone's sizes.</param>
/// <param name="Blocks">The blocks in order, skipped ones included.</param>
/// <param name="Head">What stands behind the pooler.</param>
/// <param name="Weights">The weights by their official names; of floating type, of the shapes that the network has.</param>
/// <param name="Notes">What the user must know of how they were read.</param>
internal sealed record PlannedVilt(
    ViltSizes Sizes,
    IReadOnlyList<PlannedBlock> Blocks,
    PlannedHead Head,
    IReadOnlyDictionary<string, WeightTensor> Weights,
    IReadOnlyList<string> Notes)
{
    private const string HeadsKey = "heads";
    private const int HeadWidth = 64;

    /// <summary>The option that names the number of heads.</summary>
    internal static ExportOption HeadsOption { get; } = new(
        HeadsKey, "attention heads, for checkpoints that do not say; by default the checkpoint's, else 64 wide");

    /// <summary>Reads the plan, its checkpoint and what it was trained to.</summary>
    /// <exception cref="DasSearchException">The plan is not trained or not for a ViLT, or its files do not fit it.</exception>
    internal static PlannedVilt Read(ExportRequest request)
    {
        var blocks = PlannedBlocks.Of(request.Plan);
        var files = new PlanFiles(request.Plan, request.PlanPath);
        var trained = SafetensorsFile.Open(files.Trained());
        var checkpoint = files.Checkpoint(request.Checkpoint, PlanRun.Settings(request)) is { } path ? SafetensorsFile.Open(path) : null;
        var found = new ViltWeights(trained, checkpoint);
        var head = found.Head();
        var notes = new List<string>();
        var sizes = found.Sizes(blocks, width => Heads(request, checkpoint, width, notes));
        return new PlannedVilt(sizes, blocks, head, found.Take(ViltParameters.Of(sizes, blocks, head)), notes);
    }

    /// <summary>Makes sure that a file to be written is none of those that weights are read from while it is.</summary>
    /// <exception cref="ExportUsageException">It is one.</exception>
    internal void CheckOutput(string path)
    {
        if (Weights.Values.Any(weight => Path.GetFullPath(weight.Source) == Path.GetFullPath(path)))
        {
            throw new ExportUsageException($"the output {path} would replace what it is made of: name another one with -o");
        }
    }

    // Heads leave no trace in the weights' shapes.
    private static int Heads(ExportRequest request, SafetensorsFile? checkpoint, int width, List<string> notes)
    {
        var said = checkpoint?.Metadata.GetValueOrDefault(HeadsKey);
        var asked = request.Options.GetValueOrDefault(HeadsKey);
        if (said is not null && asked is not null && said != asked)
        {
            throw new ExportUsageException($"heads is {asked}, but checkpoint {checkpoint!.Path} has {said}");
        }

        if (said is null && asked is null)
        {
            notes.Add(
                $"the checkpoint does not say how many heads it has: taken are heads of {HeadWidth}, unless --option heads=N says otherwise");
        }

        var text = said ?? asked ?? Math.Max(width / HeadWidth, 1).ToString(CultureInfo.InvariantCulture);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var heads) && heads > 0 && width % heads == 0
            ? heads
            : throw new ExportUsageException(
                $"heads must be a divisor of the width, {width}, not '{text}': --option heads=N says how many there are");
    }
}
