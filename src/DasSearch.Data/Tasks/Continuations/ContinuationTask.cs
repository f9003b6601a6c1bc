using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.Continuations;
using DasSearch.Data.Tasks.Folders;
using static TorchSharp.torch;

namespace DasSearch.Data.Tasks.Continuations;

/// <summary>Which of several texts follows? Of a decoder's own ids, learnt by the tokens of the true one, and told by which is the likeliest.</summary>
/// <remarks>A sample with fewer continuations than another one has empty ones besides, of which nothing is asked.</remarks>
internal sealed class ContinuationTask : IVisionLanguageTask
{
    private readonly IReadOnlyList<IReadOnlyList<Continuation>> _splits;
    private readonly EpochOrder _order;
    private FolderPictures? _pictures;

    /// <param name="name">What the task is called.</param>
    /// <param name="words">How many ids there are.</param>
    /// <param name="splits">The samples of train, validation and test, of which each has some.</param>
    /// <param name="settings">The run's choices.</param>
    /// <param name="pictures">What shows a sample's picture; null where none are shown.</param>
    public ContinuationTask(string name, int words, IReadOnlyList<IReadOnlyList<Continuation>> splits, TaskSettings settings, FolderPictures? pictures = null)
    {
        (_splits, _pictures) = (splits, pictures);
        Facts = new TaskFacts(
            name,
            TaskKind.Continuation,
            [],
            Images: pictures is null ? 0 : 1,
            Texts: splits.Max(static split => split.Max(static sample => sample.Options.Count)),
            words,
            splits.Max(static split => split.Max(static sample => sample.Length)),
            pictures?.Side ?? 0,
            [.. splits.Select(static split => split.Count)]);
        _order = new EpochOrder(name, settings.OrderSeed, Facts.SizeOf(Split.Train));
    }

    /// <summary>Those of a folder.</summary>
    /// <exception cref="DasSearchException">It is missing or broken.</exception>
    public static ContinuationTask Of(DataSources sources, TaskSettings settings)
    {
        var folder = sources.Continuations;
        return new ContinuationTask("continuations", folder.Words, [.. Enum.GetValues<Split>().Select(folder.Of)], settings);
    }

    public TaskFacts Facts { get; }

    public IVisionLanguageTask Unvaried
    {
        get
        {
            var same = (ContinuationTask)MemberwiseClone();
            same._pictures = _pictures?.Unvaried;
            return same;
        }
    }

    public Batch Batch(Split split, long epoch, int index, int size)
    {
        var rows = _order.Rows(Facts, split, epoch, index, size);
        var count = rows.Length;
        var texts = Texts.Make(count, Facts.Texts, Facts.TextLength);
        var images = _pictures?.Of(row => _splits[(int)split][row].Pictures, Facts.Images, split, epoch, rows) ?? [];
        var batch = new Batch(
            [.. images.Select(static image => image.Pixels)], texts with { Asked = BatchTensors.Make(ScalarType.Bool, count, Facts.Texts, Facts.TextLength) }, BatchTensors.Make(ScalarType.Int64, count), Targets: null, rows)
        { PixelMasks = [.. images.Select(static image => image.Mask)] };
        for (var row = 0; row < count; row++)
        {
            var sample = _splits[(int)split][rows[row]];
            BatchTensors.Elements<long>(batch.Labels)[row] = sample.Answer;
            for (var option = 0; option < Facts.Texts; option++)
            {
                Write(batch.Texts, (row * Facts.Texts) + option, sample.Text, option < sample.Options.Count ? sample.Options[option] : []);
            }
        }

        return batch;
    }

    private void Write(Texts texts, int row, IReadOnlyList<long> text, long[] option)
    {
        var length = Facts.TextLength;
        var ids = BatchTensors.Elements<long>(texts.Ids).Slice(row * length, length);
        var mask = BatchTensors.Elements<bool>(texts.Mask).Slice(row * length, length);
        var asked = BatchTensors.Elements<bool>(texts.Asked!).Slice(row * length, length);
        ids.Clear();
        for (var i = 0; i < text.Count; i++)
        {
            ids[i] = text[i];
        }

        option.CopyTo(ids[text.Count..]);
        mask.Clear();
        mask[..(text.Count + option.Length)].Fill(true);
        asked.Clear();
        asked.Slice(text.Count, option.Length).Fill(true);
    }
}
