using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Batches;
using DasSearch.Data.Pretraining;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Models.Heads;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Pretraining;

/// <summary>What a head says, and what is true.</summary>
/// <param name="Logits">[answers, choices].</param>
/// <param name="Answers">[answers].</param>
internal sealed record Predictions(Tensor Logits, Tensor Answers)
{
    internal long CountCorrect() => Logits.argmax(1).eq(Answers).sum().item<long>();
}

/// <summary>A ViLT with the two heads that it is pre-trained by.</summary>
internal sealed class PretrainingModel : IDisposable
{
    private const int Groups = 4; // of texts of like length, each a pass

    private readonly Vilt _vilt;
    private readonly MatchingHead _matching;
    private readonly MaskedLanguageHead _language;
    private readonly Subnetwork _whole;

    internal PretrainingModel(PretrainedModelConfig config, PretrainingData data, Device device)
        : this(SizesOf(config, data), data, device)
    {
    }

    internal PretrainingModel(ViltConfig sizes, PretrainingData data, Device device)
    {
        Sizes = sizes;
        _vilt = new Vilt(Sizes, new BackboneRequest
        {
            Input = new InputShape(Sizes.Vocabulary, Sizes.TextLength, data.ImageSide, data.ImageSide),
            Device = device,
        });
        _matching = new MatchingHead(Sizes.Width, device);
        _language = new MaskedLanguageHead(Sizes.Width, Sizes.Vocabulary, device);
        _whole = Subnetwork.Whole(Sizes.Layers);
        Trained = [.. _vilt.named_parameters().Concat(_matching.named_parameters()).Concat(_language.named_parameters())
            .Select(static entry => new TrainedParameter(entry.name, entry.parameter, LearningRateGroup.Body))];
    }

    internal ViltConfig Sizes { get; }

    /// <summary>Every parameter.</summary>
    internal IReadOnlyList<TrainedParameter> Trained { get; }

    /// <summary>Every parameter under the official checkpoints' names; the tensors are the model's own.</summary>
    internal Dictionary<string, Tensor> State()
    {
        var state = _vilt.state_dict();
        _language.state_dict(state, "mlm_score");
        return _matching.state_dict(state, "itm_score");
    }

    /// <summary>Puts weights in place of every parameter.</summary>
    /// <param name="tensors">The weights under the official checkpoints' names, and whatever else.</param>
    /// <param name="source">What messages call their origin.</param>
    /// <exception cref="DasSearchException">One is missing, of another shape, or no finite number.</exception>
    internal void Load(IReadOnlyDictionary<string, Tensor> tensors, string source)
    {
        foreach (var (name, own) in State())
        {
            var saved = tensors.GetValueOrDefault(name)
                ?? throw new DasSearchException($"{source} lacks {name}: training on needs the model with the heads that it was pre-trained by");
            if (!saved.shape.SequenceEqual(own.shape))
            {
                throw new DasSearchException($"{source} has {name} of shape [{string.Join(", ", saved.shape)}], expected [{string.Join(", ", own.shape)}]");
            }

            CheckpointFile.CopyWeights(source, name, saved, own);
        }
    }

    internal void Train(bool training)
    {
        _vilt.train(training);
        _matching.train(training);
        _language.train(training);
    }

    /// <summary>Is the caption true? 1 for all true captions, and then 0 for all false ones: 2 · batch answers.</summary>
    /// <param name="trace">Where what each block gives is added; null for nowhere.</param>
    internal Predictions Match(PretrainingBatch batch, FeatureTrace? trace = null)
    {
        using var scope = NewDisposeScope();
        var (captions, falseCaptions) = (batch.Captions, batch.FalseCaptions);
        var both = new Texts(cat([captions.Ids, falseCaptions.Ids]), cat([captions.Mask, falseCaptions.Mask]));
        var scenes = batch.Images.size(0);
        var groups = ByLength(both);
        var logits = groups.Select(rows => _matching.call(Read(batch.Images, rows.remainder(scenes), both, rows, FeatureKind.Summary, trace).Summary!));
        var answers = cat([ones(scenes, ScalarType.Int64, both.Ids.device), zeros(scenes, ScalarType.Int64, both.Ids.device)]);
        var inOrder = cat([.. logits]).index_select(0, cat([.. groups]).argsort());
        return new Predictions(inOrder.MoveToOuterDisposeScope(), answers.MoveToOuterDisposeScope());
    }

    /// <summary>Which words were hidden? An answer for each, in no particular order.</summary>
    /// <param name="trace">As of <see cref="Match"/>.</param>
    internal Predictions Predict(PretrainingBatch batch, FeatureTrace? trace = null)
    {
        using var scope = NewDisposeScope();
        var (tokens, words) = (new List<Tensor>(), new List<Tensor>());
        foreach (var rows in ByLength(batch.Masked))
        {
            var x = Read(batch.Images, rows, batch.Masked, rows, FeatureKind.Tokens, trace).Streams[0]; // text first
            var longest = batch.Masked.Mask.index_select(0, rows).sum(1).max().item<long>();
            var labels = batch.MaskedLabels.index_select(0, rows).narrow(1, 0, longest).reshape(-1);
            var hidden = labels.ge(0).nonzero().reshape(-1);
            tokens.Add(x.narrow(1, 0, longest).reshape(-1, Sizes.Width).index_select(0, hidden));
            words.Add(labels.index_select(0, hidden));
        }

        return new Predictions(_language.call(cat(tokens)).MoveToOuterDisposeScope(), cat(words).MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _vilt.Dispose();
        _matching.Dispose();
        _language.Dispose();
    }

    private static ViltConfig SizesOf(PretrainedModelConfig config, PretrainingData data)
    {
        if (data.ImageSide % config.PatchSize != 0)
        {
            throw new ConfigException("model.patch_size", $"must divide the images' side of {data.ImageSide} pixels, not {config.PatchSize}");
        }

        if (config.Width % config.Heads != 0)
        {
            throw new ConfigException("model.heads", $"must divide model.width, which is {config.Width}, not {config.Heads}");
        }

        return new ViltConfig
        {
            Vocabulary = data.Words,
            TextLength = data.TextLength,
            Width = config.Width,
            Layers = config.Layers,
            Heads = config.Heads,
            PatchSize = config.PatchSize,
            PositionGrid = data.ImageSide / config.PatchSize,
            Dropout = config.Dropout,
        };
    }

    // Rows of texts of like length.
    private static List<Tensor> ByLength(Texts texts)
    {
        var lengths = texts.Lengths();
        return [.. BatchParts.ByLength(lengths, (lengths.Count + Groups - 1) / Groups)
            .Select(rows => tensor(rows.Select(static row => (long)row).ToArray(), device: texts.Ids.device))];
    }

    // Texts are cut to the longest of the rows: what is cut is padding, which attention does not see anyway.
    private Features Read(Tensor images, Tensor scenes, Texts texts, Tensor rows, FeatureKind wanted, FeatureTrace? trace)
    {
        var mask = texts.Mask.index_select(0, rows);
        var longest = mask.sum(1).max().item<long>();
        var input = new BackboneInput(
            texts.Ids.index_select(0, rows).narrow(1, 0, longest), mask.narrow(1, 0, longest), images.index_select(0, scenes));
        if (trace is null)
        {
            return _vilt.Run(input, _whole, Attachments.None, wanted);
        }

        var traced = _vilt.Trace(input, _whole, Attachments.None, wanted);
        trace.Add([.. traced.Modules.Select(static module => module.Stream.MoveToOuterDisposeScope())]);
        return traced.Features;
    }
}
