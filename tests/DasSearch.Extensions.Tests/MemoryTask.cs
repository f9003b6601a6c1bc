using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using static TorchSharp.torch;

namespace DasSearch.Extensions.Tests;

/// <summary>A task of numbers: is the first word an even one? Texts of two lengths, with an image of four pixels.</summary>
internal sealed class MemoryTask : IVisionLanguageTask
{
    private const int Side = 2;

    public TaskFacts Facts { get; } = new(
        "memory", TaskKind.Classification, ["no", "yes"], Images: 1, Texts: 1, Vocabulary: 10, TextLength: 4, ImageSide: Side, Sizes: [24, 12, 12]);

    public Batch Batch(Split split, long epoch, int index, int size)
    {
        var samples = Enumerable.Range(index * size, Math.Min(size, Facts.SizeOf(split) - (index * size))).ToArray();
        var (ids, mask, pixels, labels) = (new List<long>(), new List<bool>(), new List<float>(), new List<long>());
        foreach (var sample in samples)
        {
            var random = SeededRandom.Derive(1, $"memory/{split}", sample);
            var words = Enumerable.Range(0, Facts.TextLength).Select(place => place == 0 ? 1L : random.Next(2, 10)).ToArray();
            ids.AddRange(words);
            mask.AddRange(Enumerable.Range(0, Facts.TextLength).Select(place => place < 3 || sample % 2 == 0));
            pixels.AddRange(Enumerable.Range(0, 3 * Side * Side).Select(_ => (float)random.NextDouble()));
            labels.Add(1 - (words[1] % 2));
        }

        long[] text = [samples.Length, Facts.TextLength];
        return new Batch(
            [tensor(pixels, [samples.Length, 3, Side, Side]).DetachFromDisposeScope()],
            new Texts(tensor(ids, text).DetachFromDisposeScope(), tensor(mask, text).DetachFromDisposeScope()),
            tensor(labels).DetachFromDisposeScope(),
            Targets: null,
            samples);
    }
}
