using DasSearch.Data.Batches;
using DasSearch.Data.Continuations;
using static TorchSharp.torch;

namespace DasSearch.Data.Tasks.Continuations;

/// <summary>Which of several texts follows? Of a decoder's own ids, learnt by the tokens of the true one, and told by which is the likeliest.</summary>
/// <remarks>A sample with fewer continuations than another one has empty ones besides, of which nothing is asked.</remarks>
internal sealed class ContinuationTask : IVisionLanguageTask
{
    private const string Name = "continuations";

    private readonly ContinuationFolder _folder;
    private readonly EpochOrder _order;

    public ContinuationTask(ContinuationFolder folder, TaskSettings settings)
    {
        _folder = folder;
        var splits = Enum.GetValues<Split>();
        Facts = new TaskFacts(
            Name,
            TaskKind.Continuation,
            [],
            Images: 0,
            Texts: splits.Max(split => folder.Of(split).Max(static sample => sample.Options.Count)),
            folder.Words,
            splits.Max(split => folder.Of(split).Max(static sample => sample.Length)),
            ImageSide: 0,
            [.. splits.Select(split => folder.Of(split).Count)]);
        _order = new EpochOrder(Name, settings.OrderSeed, Facts.SizeOf(Split.Train));
    }

    public TaskFacts Facts { get; }

    public Batch Batch(Split split, long epoch, int index, int size)
    {
        var rows = _order.Rows(Facts, split, epoch, index, size);
        var count = rows.Length;
        var texts = Texts.Make(count, Facts.Texts, Facts.TextLength);
        var batch = new Batch(
            [], texts with { Asked = BatchTensors.Make(ScalarType.Bool, count, Facts.Texts, Facts.TextLength) }, BatchTensors.Make(ScalarType.Int64, count), Targets: null, rows);
        for (var row = 0; row < count; row++)
        {
            var sample = _folder.Of(split)[rows[row]];
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
