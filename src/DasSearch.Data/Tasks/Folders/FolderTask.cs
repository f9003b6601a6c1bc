using DasSearch.Core.Configuration;
using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.Folders;
using DasSearch.Data.Imaging;
using DasSearch.Data.Text;
using static TorchSharp.torch;

namespace DasSearch.Data.Tasks.Folders;

/// <summary>Makes batches of a data set on disk; pictures are decoded by as many threads as there are processors.</summary>
internal sealed class FolderTask : IVisionLanguageTask
{
    private const int Tokens = 40;
    private const int PictureSide = 384;
    private const string ClipsPrompt = "a photo of a {}."; // for ImageNet and others of things (arXiv:2103.00020)
    private const float Middle = 0.5f; // ViLT's mean and deviation

    private readonly string _name;
    private readonly TaskSettings _settings;
    private readonly DataRoot _root;
    private readonly FolderSamples _samples;
    private readonly ITokenizer _tokenizer;
    private readonly PictureView _view;
    private readonly EpochOrder _order;

    /// <param name="name">What the task is called.</param>
    /// <param name="folder">The data set's layout.</param>
    /// <param name="settings">Where it is, and how it is read.</param>
    /// <exception cref="DasSearchException">No folder is named, or something is wrong with it; the message says what, how often and where first.</exception>
    public FolderTask(string name, IDataFolder folder, TaskSettings settings)
    {
        (_name, _settings) = (name, settings);
        _root = FolderCheck.Root(name, folder, settings.Data);
        _samples = FolderCheck.Read(name, folder, _root, settings.Data);
        _tokenizer = TokenizerOf(settings);
        _view = ViewOf(settings, folder.Shape);
        Facts = new TaskFacts(
            name,
            _samples.Kind,
            _samples.Answers,
            _samples.Pictures,
            Texts: _samples.Kind == TaskKind.Ranking ? settings.Candidates : 1,
            _tokenizer.Count,
            settings.Data.TextLength ?? Tokens,
            _view.Side,
            [.. _samples.Splits.Select(static split => split.Count)])
        { Prompts = [.. _samples.ClassNames.Select(Prompt)] };
        _order = new EpochOrder(name, settings.OrderSeed, Facts.SizeOf(Split.Train));
    }

    public TaskFacts Facts { get; }

    public Batch Batch(Split split, long epoch, int index, int size)
    {
        var rows = _order.Rows(Facts, split, epoch, index, size);
        var images = Decoded(split, epoch, rows).Select(_view.Tensors).ToList();
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

    /// <summary>The samples of a split.</summary>
    internal IReadOnlyList<FolderSample> SamplesOf(Split split) => _samples.Splits[(int)split];

    /// <summary>Writes one text; one that is too long loses its last tokens.</summary>
    internal void WriteText(Texts texts, int row, string text) => texts.Write(row, text, _tokenizer, cut: true);

    /// <summary>A sample's first picture as a batch of one, which is not padded.</summary>
    internal Tensor ImageOf(FolderSample sample) => _view.Tensors([_view.Scaled(PictureFile.Read(_root.Of(sample.Pictures[0])))]).Pixels;

    // The pictures of samples, scaled: those that come first, then those that come second; null where a sample has none.
    private Picture?[][] Decoded(Split split, long epoch, int[] rows)
    {
        var pictures = Enumerable.Range(0, Facts.Images).Select(_ => new Picture?[rows.Length]).ToArray();
        try
        {
            Parallel.For(0, rows.Length * Facts.Images, place =>
            {
                var (image, row) = (place % Facts.Images, place / Facts.Images);
                var sample = SamplesOf(split)[rows[row]];
                if (image < sample.Pictures.Count)
                {
                    var picture = PictureFile.Read(_root.Of(sample.Pictures[image]));
                    pictures[image][row] = _view.Scaled(split == Split.Train && _settings.Data.Augment == Augmentation.RandAugment
                        ? RandAugment.Vary(picture, SeededRandom.Derive(_settings.OrderSeed, $"{_name}/augment/{epoch}/{image}", rows[row]))
                        : picture);
                }
            });
            return pictures;
        }
        catch (AggregateException failures)
        {
            // Several threads may have met broken pictures, and which of them did first is chance.
            throw failures.InnerExceptions.OfType<DasSearchException>().MinBy(static failure => failure.Message, StringComparer.Ordinal) ?? failures.InnerExceptions[0];
        }
    }

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

    private static PictureView ViewOf(TaskSettings settings, PictureShape usual)
    {
        var (own, shape) = (settings.View.Style, settings.Data.Shape ?? usual);
        if (own is not null && !settings.View.TakesAnySide && settings.Data.Side is { } other && other != own.Side)
        {
            throw new ConfigException("data.side", $"must be {own.Side}, which the backbone's encoder takes, not {other}");
        }

        var side = settings.Data.Side ?? own?.Side ?? PictureSide;
        return shape == PictureShape.Ratio && !settings.View.TakesPadding ? throw new ConfigException("data.shape", "must be square or stretched for a backbone that takes no images with padding")
            : shape == PictureShape.Ratio && side < PictureView.Multiple ? throw new ConfigException("data.side", $"must be at least {PictureView.Multiple} where data.shape is ratio, not {side}")
            : new PictureView(own is null ? ImageStyle.Grey(side, Middle, Middle) : own with { Side = side }, shape);
    }
}
