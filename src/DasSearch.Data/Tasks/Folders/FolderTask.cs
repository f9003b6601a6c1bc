using DasSearch.Core.Configuration;
using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.Folders;
using DasSearch.Data.Text;
using static TorchSharp.torch;

namespace DasSearch.Data.Tasks.Folders;

/// <summary>Makes batches of a data set on disk.</summary>
internal sealed class FolderTask : IVisionLanguageTask
{
    private const int Tokens = 40;
    private const string ClipsPrompt = "a photo of a {}."; // for ImageNet and others of things (arXiv:2103.00020)

    private readonly string _name;
    private readonly TaskSettings _settings;
    private readonly FolderSamples _samples;
    private readonly ITokenizer _tokenizer;
    private FolderPictures _pictures;
    private readonly EpochOrder _order;

    /// <param name="name">What the task is called.</param>
    /// <param name="folder">The data set's layout.</param>
    /// <param name="settings">Where it is, and how it is read.</param>
    /// <exception cref="DasSearchException">No folder is named, or something is wrong with it; the message says what, how often and where first.</exception>
    public FolderTask(string name, IDataFolder folder, TaskSettings settings)
    {
        (_name, _settings) = (name, settings);
        var root = FolderCheck.Root(name, folder, settings.Data);
        _samples = FolderCheck.Read(name, folder, root, settings.Data);
        _tokenizer = TokenizerOf(settings);
        _pictures = new FolderPictures(name, root, settings, folder.Shape);
        Facts = new TaskFacts(
            name,
            _samples.Kind,
            _samples.Answers,
            _samples.Pictures,
            Texts: _samples.Kind == TaskKind.Ranking ? settings.Candidates : 1,
            _tokenizer.Count,
            settings.Data.TextLength ?? Tokens,
            _pictures.Side,
            [.. _samples.Splits.Select(static split => split.Count)])
        {
            Prompts = [.. _samples.ClassNames.Select(Prompt)],
            Head = HeadOf(settings.Data),
            TextsDiffer = _samples.Splits.SelectMany(static split => split).Select(static sample => sample.Text).Distinct(StringComparer.Ordinal).Skip(1).Any(),
        };
        _order = new EpochOrder(name, settings.OrderSeed, Facts.SizeOf(Split.Train));
    }

    public TaskFacts Facts { get; }

    public IVisionLanguageTask Unvaried
    {
        get
        {
            var same = (FolderTask)MemberwiseClone();
            same._pictures = _pictures.Unvaried;
            return same;
        }
    }

    public Batch Batch(Split split, long epoch, int index, int size)
    {
        var rows = _order.Rows(Facts, split, epoch, index, size);
        var images = _pictures.Of(row => SamplesOf(split)[row].Pictures, Facts.Images, split, epoch, rows);
        var batch = new Batch(
            [.. images.Select(static image => image.Pixels)],
            Facts.Texts == 1 ? Texts.Make(rows.Length, Facts.TextLength) : Texts.Make(rows.Length, Facts.Texts, Facts.TextLength),
            BatchTensors.Make(ScalarType.Int64, rows.Length),
            Facts.Kind == TaskKind.Answering ? BatchTensors.Make(ScalarType.Float32, rows.Length, Facts.Answers.Count) : null,
            rows) { PixelMasks = [.. images.Select(static image => image.Mask)] };
        for (var row = 0; row < rows.Length; row++)
        {
            Write(batch, row, SamplesOf(split)[rows[row]], split, epoch);
        }

        return batch;
    }

    private ClassHead? HeadOf(DataConfig settings) => settings.Head switch
    {
        { } when _samples.Kind != TaskKind.Classification => throw new ConfigException("data.head", $"is for tasks of classes, such as photos, and {_name} is none: leave it out"),
        ClassHead.Prompts when _samples.ClassNames.Count == 0 => throw new ConfigException("data.head", $"must be linear, or left out: of prompts it is for tasks whose classes have names, such as photos, and those of {_name} have none"),
        var head => head,
    };

    /// <summary>The samples of a split.</summary>
    internal IReadOnlyList<FolderSample> SamplesOf(Split split) => _samples.Splits[(int)split];

    /// <summary>Writes one text; one that is too long loses its last tokens.</summary>
    internal void WriteText(Texts texts, int row, string text) => texts.Write(row, text, _tokenizer, cut: true);

    /// <summary>A sample's first picture as a batch of one, which is not padded.</summary>
    internal Tensor ImageOf(FolderSample sample) => _pictures.ImageOf(sample.Pictures[0]);

    private void Write(Batch batch, int row, FolderSample sample, Split split, long epoch)
    {
        WriteText(batch.Texts, row * Facts.Texts, sample.Text);
        for (var text = 1; text < Facts.Texts; text++)
        {
            // Drawn of all texts of the split, so that one may be true by chance, as in the papers' code.
            var random = SeededRandom.Derive(_settings.OrderSeed, $"{_name}/false/{split}/{epoch}/{text}", batch.Samples[row]);
            WriteText(batch.Texts, (row * Facts.Texts) + text, SamplesOf(split)[random.Next(Facts.SizeOf(split))].Text);
        }

        BatchTensors.Elements<long>(batch.Labels)[row] = sample.Label;
        if (batch.Targets is { } targets)
        {
            var scores = BatchTensors.Elements<float>(targets).Slice(row * Facts.Answers.Count, Facts.Answers.Count);
            scores.Clear();
            foreach (var (answer, score) in sample.Scores ?? [new AnswerScore(sample.Label, 1)])
            {
                scores[answer] = score;
            }
        }
    }

    private long[] Prompt(string name)
    {
        var ids = new long[_settings.Data.TextLength ?? Tokens];
        return ids[.._tokenizer.Encode((_settings.Data.Prompt ?? ClipsPrompt).Replace("{}", name, StringComparison.Ordinal), ids, cut: true)];
    }

    private static ITokenizer TokenizerOf(TaskSettings settings) => (settings.View.Tokenizer, settings.Data.Tokenizer) switch
    {
        (null, { } path) => TokenizerTable.Open(path),
        ({ } own, null) => own,
        (null, null) => TokenizerTable.Named("minilm")!,
        _ => throw new ConfigException("data.tokenizer", "must be left out for a backbone that brings a tokenizer"),
    };
}
