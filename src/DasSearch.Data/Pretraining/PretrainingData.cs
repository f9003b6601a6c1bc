using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using static TorchSharp.torch;

namespace DasSearch.Data.Pretraining;

/// <summary>An endless supply of captioned scenes for masked-language modelling and image-text matching.</summary>
/// <remarks>
/// Sample i of a split is a pure function of seed, split and i: nothing is stored, nothing is shuffled, and batches may
/// be asked for in any order and by several threads. There is no epoch; training takes each sample once,
/// but images may come again: what a frozen encoder makes of them is then worth keeping.
/// </remarks>
public sealed class PretrainingData
{
    private readonly ICaptionedScenes _scenes;
    private readonly long _seed;
    private readonly Func<long, double> _maskingRate; // of a word that begins with a token
    private readonly double _easyShare;
    private readonly long _easyUntil;
    private readonly long _plainUntil;

    /// <param name="scenes">The scenes and their captions.</param>
    /// <param name="seed">Which samples there are.</param>
    /// <param name="maskingRate">The probability with which a word is to be predicted, in (0, 1]; BERT's 0.15 by default.</param>
    /// <param name="nameMaskingRate">The same for words of things' names; null for no other.</param>
    /// <param name="easyShare">Share of training samples whose false caption tells of an unrelated scene, in [0, 1].</param>
    /// <param name="easyUntil">The sample by which that share has fallen, linearly, to 0; at least 1. By default it does not fall.</param>
    /// <param name="plainUntil">The training sample up to which every caption names all cells by their positions; 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal PretrainingData(
        ICaptionedScenes scenes, long seed, double maskingRate = 0.15, double? nameMaskingRate = null, double easyShare = 0, long easyUntil = long.MaxValue, long plainUntil = 0)
    {
        ArgumentNullException.ThrowIfNull(scenes);
        if (maskingRate is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(maskingRate), maskingRate, "The rate must be in (0, 1].");
        }

        if (nameMaskingRate is { } names && names is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(nameMaskingRate), names, "The rate must be in (0, 1].");
        }

        if (easyShare is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(easyShare), easyShare, "The share must be in [0, 1].");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(easyUntil);
        ArgumentOutOfRangeException.ThrowIfNegative(plainUntil);
        (_scenes, _seed) = (scenes, seed);
        _maskingRate = token => nameMaskingRate is { } rate && scenes.NameTokens.Contains(token) ? rate : maskingRate;
        (_easyShare, _easyUntil, _plainUntil) = (easyShare, easyUntil, plainUntil);
    }

    /// <summary>The data of a pre-training: plain captions at first, and easy false ones for a while.</summary>
    /// <param name="sources">Where pictures come from.</param>
    /// <param name="config">The settings.</param>
    /// <param name="view">How the backbone reads texts and images.</param>
    /// <exception cref="DasSearchException">There is no such benchmark, or its pictures are missing or broken.</exception>
    public static PretrainingData Of(DataSources sources, PretrainingConfig config, BackboneView view)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(config);
        var training = config.Training;
        var entry = BenchmarkTable.Named(config.Benchmark);
        var easy = training.EasySteps is { } steps ? (long)steps * training.BatchSize : Math.Max((long)training.Steps * training.BatchSize / 2, 1);
        return new PretrainingData(
            entry.Open(sources, view), config.Seed, training.MaskingRate, training.NameMaskingRate, training.EasyShare, easy, (long)training.WordSteps * training.BatchSize)
        {
            Scenes = training.Scenes,
            Samples = training.Samples,
            Summary = entry.Summary,
        };
    }

    /// <summary>How many different images training has, each of which is said something else of whenever it comes; 0 for one a sample.</summary>
    public int Scenes { get; init; }

    /// <summary>How many different samples training has, which come again in turn; 0 for ever new ones.</summary>
    public int Samples { get; init; }

    /// <summary>What the scenes are made of, and under which licences.</summary>
    public string Summary { get; private init; } = "";

    /// <summary>Tokens of every text, padding included.</summary>
    public int TextLength => _scenes.TextLength;

    /// <summary>Height and width of every image, in pixels.</summary>
    public int ImageSide => _scenes.Side;

    /// <summary>Words of the captions' tokenizer, special ones included.</summary>
    public int Words => _scenes.Tokenizer.Count;

    /// <summary>The token of a hidden word.</summary>
    public int Mask => _scenes.Tokenizer.Mask;

    /// <summary>Makes the samples from <paramref name="index"/> · <paramref name="size"/> on.</summary>
    /// <param name="split">Where the photos come from.</param>
    /// <param name="index">Which batch, from 0.</param>
    /// <param name="size">How many samples, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or the size is not positive.</exception>
    public PretrainingBatch Batch(Split split, long index, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        var batch = new PretrainingBatch(
            SceneImages.Make(size, ImageSide),
            Texts.Make(size, TextLength),
            BatchTensors.Make(ScalarType.Int64, size, TextLength),
            Texts.Make(size, TextLength),
            Texts.Make(size, TextLength),
            BatchTensors.Make(ScalarType.Int64, 2, size, TextLength),
            [.. Enumerable.Range(0, size).Select(row => (index * size) + row)]);
        for (var row = 0; row < size; row++)
        {
            Write(batch, split, row);
        }

        return batch;
    }

    /// <summary>The stream that a sample is drawn from; the pictures and the masking continue it.</summary>
    internal static SeededRandom StreamOf(string benchmark, long seed, Split split, long sample) =>
        SeededRandom.Derive(seed, $"{benchmark}/pretraining/{split}", sample);

    private SeededRandom SceneStreamOf(long scene) => SeededRandom.Derive(_seed, $"{_scenes.Benchmark}/pretraining/scenes", scene);

    // What lies between the tokens that both captions begin and end with.
    private static void MarkWords(PretrainingBatch batch, int row)
    {
        var spoken = Tokens(batch.Captions, row);
        var mistaken = Tokens(batch.FalseCaptions, row);
        var (length, shorter) = (batch.WordLabels.size(2), Math.Min(spoken.Length, mistaken.Length));
        var before = spoken.CommonPrefixLength(mistaken);
        var after = 0;
        while (after < shorter - before && spoken[^(after + 1)] == mistaken[^(after + 1)])
        {
            after++;
        }

        var labels = BatchTensors.Elements<long>(batch.WordLabels);
        labels.Slice((int)(row * length), (int)length).Fill(MaskedLanguage.Ignored);
        labels.Slice((int)((batch.Samples.Count + row) * length), (int)length).Fill(MaskedLanguage.Ignored);
        labels.Slice((int)(row * length) + before, spoken.Length - after - before).Fill(1);
        labels.Slice((int)((batch.Samples.Count + row) * length) + before, mistaken.Length - after - before).Clear();
    }

    // Without padding.
    private static ReadOnlySpan<long> Tokens(Texts texts, int row)
    {
        var length = (int)texts.Ids.size(1);
        return BatchTensors.Elements<long>(texts.Ids).Slice(row * length, BatchTensors.Elements<bool>(texts.Mask).Slice(row * length, length).Count(true));
    }

    private double EasyShare(long sample) => _easyShare * Math.Max(1 - ((double)sample / _easyUntil), 0);

    private void Write(PretrainingBatch batch, Split split, int row)
    {
        var number = batch.Samples[row];
        var isTrained = split == Split.Train;
        var sample = isTrained && Samples > 0 ? number % Samples : number; // easy and plain ones are so by when they come
        var random = StreamOf(_scenes.Benchmark, _seed, split, sample);
        var image = SceneImages.Row(batch.Images, row);
        var captions = !isTrained ? _scenes.Draw(split, random, easyShare: 0, isPlain: false, image)
            : Scenes == 0 ? _scenes.Draw(split, random, EasyShare(number), number < _plainUntil, image)
            : _scenes.DrawOfScene(split, SceneStreamOf(sample % Scenes), random, EasyShare(number), number < _plainUntil, image);

        batch.Masked.Write(row, captions.True, _scenes.Tokenizer);
        MaskedLanguage.Apply(
            BatchTensors.Elements<long>(batch.Masked.Ids).Slice(row * TextLength, TextLength),
            BatchTensors.Elements<long>(batch.MaskedLabels).Slice(row * TextLength, TextLength),
            _maskingRate,
            _scenes.Tokenizer,
            random);

        batch.Captions.Write(row, captions.True, _scenes.Tokenizer);
        batch.FalseCaptions.Write(row, captions.False, _scenes.Tokenizer);
        MarkWords(batch, row);
    }
}
