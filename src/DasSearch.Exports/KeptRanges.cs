using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>Layers that are kept, from <see cref="Start"/> up to, without, <see cref="End"/>.</summary>
/// <param name="Start">The first.</param>
/// <param name="End">The one after the last.</param>
internal readonly record struct LayerRange(int Start, int End);

/// <summary>What is left of a list of layers, as other tools write it.</summary>
internal static class KeptRanges
{
    /// <summary>The fewest ranges that hold every kept layer and no other, in order.</summary>
    /// <exception cref="ExportException">No layer is left.</exception>
    internal static IReadOnlyList<LayerRange> Of(Subnetwork skipped)
    {
        var ranges = new List<LayerRange>();
        var start = 0;
        foreach (var index in skipped.Skipped.Append(skipped.Modules))
        {
            if (index > start)
            {
                ranges.Add(new LayerRange(start, index));
            }

            start = index + 1;
        }

        return ranges.Count > 0 ? ranges : throw new ExportException("the plan skips every layer, and one has to be left");
    }
}
