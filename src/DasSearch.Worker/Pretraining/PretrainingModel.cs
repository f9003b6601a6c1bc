using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Batches;
using DasSearch.Data.Pretraining;
using DasSearch.Models.Backbones;
using DasSearch.Models.Backbones.Encoders;
using DasSearch.Models.Checkpoints;
using DasSearch.Models.Heads;
using DasSearch.Worker.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Worker.Pretraining;

/// <summary>What a head says, and what is true.</summary>
/// <param name="Logits">[answers, choices].</param>
/// <param name="Answers">[answers].</param>
internal sealed record Predictions(Tensor Logits, Tensor Answers)
{
    internal long CountCorrect() => Logits.argmax(1).eq(Answers).sum().item<long>();
}

/// <summary>What is said of captions, and of their words where these are matched, too.</summary>
internal sealed record Matches(Predictions Captions, Predictions? Words);

/// <summary>A backbone with the heads that it is pre-trained by.</summary>
internal sealed class PretrainingModel : IDisposable
{
    private const int Groups = 4; // of texts of like length, each a pass
    private const int FewestRows = 16; // of a group: a pass has its price, however few rows go with it
    private const string Language = "mlm_score";
    private const string Telling = "summary_score";

    private readonly IBackbone _backbone;
    private readonly MatchingHead _matching;
    private readonly MaskedLanguageHead _language;
    private readonly MatchingHead? _words;
    private readonly Linear? _telling; // from a summary to what the head for hidden words reads
    private readonly Subnetwork _whole;
    private readonly int _width;
    private readonly int _mask; // the token of a hidden word

    /// <summary>One with fresh weights, but for those that come with packages.</summary>
    /// <exception cref="DasSearchException">The sizes do not fit the data, or a package is missing.</exception>
    internal PretrainingModel(PretrainingConfig config, PretrainingData data, Device device, FeatureCache? features)
        : this(Fresh(config.Model, data, device, features), data, data.Words, config.Training, device)
    {
    }

    /// <param name="backbone">The backbone, which is its from now on.</param>
    /// <param name="data">The scenes.</param>
    /// <param name="words">Words that the head for hidden ones tells apart.</param>
    /// <param name="training">What is to be learnt, and so which heads there are.</param>
    internal PretrainingModel(IBackbone backbone, PretrainingData data, int words, PretrainingScheduleConfig training, Device device)
    {
        _backbone = backbone;
        _mask = data.Mask;
        _width = backbone.Description.Shapes[0].Width;
        _matching = new MatchingHead(backbone.Description.SummaryWidth, device);
        _language = new MaskedLanguageHead(_width, words, device);
        _words = training.WordMatching > 0 ? new MatchingHead(_width, device) : null; // last, so that other weights are the same without it
        _telling = training.SummaryWords > 0 ? nn.Linear(backbone.Description.SummaryWidth, _width, device: device) : null;
        _whole = Subnetwork.Whole(backbone.Description.Modules.Count);
        Trained = [.. backbone.Network.named_parameters().Where(entry => !backbone.Description.IsPackaged(entry.name))
            .Concat(_matching.named_parameters()).Concat(_language.named_parameters()).Concat(_words?.named_parameters() ?? []).Concat(_telling?.named_parameters() ?? [])
            .Select(static entry => new TrainedParameter(entry.name, entry.parameter, LearningRateGroup.Body))];
    }

    /// <summary>What the backbone is, in the words of a model card.</summary>
    internal string Title => _backbone.Title;

    /// <summary>What its checkpoints say of it.</summary>
    internal IReadOnlyDictionary<string, string> Metadata => _backbone.Metadata;

    /// <summary>Every parameter but those that come with packages.</summary>
    internal IReadOnlyList<TrainedParameter> Trained { get; }

    /// <summary>What of <see cref="State"/> a checkpoint holds.</summary>
    /// <remarks>
    /// A head for hidden words over all the words of a packaged tokenizer is larger than what was trained between the encoders, and no task
    /// begins with it.
    /// </remarks>
    internal IReadOnlyDictionary<string, Tensor> Saved() => _backbone.Description.Packaged.Count == 0
        ? State()
        : State().Where(static entry => entry.Key.Split('.')[0] is not (Language or Telling)).ToDictionary(StringComparer.Ordinal);

    /// <summary>Every parameter under the official checkpoints' names; the tensors are the model's own.</summary>
    internal Dictionary<string, Tensor> State()
    {
        var state = _backbone.Network.state_dict().Where(entry => !_backbone.Description.IsPackaged(entry.Key)).ToDictionary(StringComparer.Ordinal);
        _language.state_dict(state, Language);
        _words?.state_dict(state, "word_itm_score");
        _telling?.state_dict(state, Telling);
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
        _backbone.Network.train(training);
        _matching.train(training);
        _language.train(training);
        _words?.train(training);
        _telling?.train(training);
    }

    /// <summary>Has frozen encoders read a batch, so that their features are there when it is learnt from. On another thread than this.</summary>
    internal void ReadAhead(PretrainingBatch batch, bool learnsMatching)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        IEnumerable<Texts> matched = learnsMatching ? [batch.Captions, batch.FalseCaptions] : [];
        IEnumerable<Texts> told = learnsMatching && _telling is not null ? [WithoutDifference(batch)] : [];
        foreach (var text in matched.Concat(told).Prepend(batch.Masked))
        {
            _backbone.Embed(new BackboneInput(text.Ids, text.Mask, batch.Images), Attachments.None);
        }
    }

    /// <summary>Is the caption true? 1 for all true captions, and then 0 for all false ones: 2 · batch answers. The same of words, in no particular order.</summary>
    /// <param name="trace">Where what each block gives is added; null for nowhere.</param>
    internal Matches Match(PretrainingBatch batch, FeatureTrace? trace = null)
    {
        using var scope = NewDisposeScope();
        var (captions, falseCaptions) = (batch.Captions, batch.FalseCaptions);
        var both = new Texts(cat([captions.Ids, falseCaptions.Ids]), cat([captions.Mask, falseCaptions.Mask]));
        var scenes = batch.Images.size(0);
        var groups = ByLength(both);
        var (wanted, labels) = (_words is null ? FeatureKind.Summary : FeatureKind.Both, batch.WordLabels.flatten(0, 1));
        var (logits, tokens, words) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        foreach (var rows in groups)
        {
            var features = Read(batch.Images, rows.remainder(scenes), both, rows, wanted, trace);
            logits.Add(_matching.call(features.Summary!));
            if (_words is not null)
            {
                Pick(features.Streams[0], labels.index_select(0, rows), tokens, words);
            }
        }

        var answers = cat([ones(scenes, ScalarType.Int64, both.Ids.device), zeros(scenes, ScalarType.Int64, both.Ids.device)]);
        var inOrder = cat(logits).index_select(0, cat([.. groups]).argsort());
        return new Matches(
            new Predictions(inOrder.MoveToOuterDisposeScope(), answers.MoveToOuterDisposeScope()),
            _words is null ? null : new Predictions(_words.call(cat(tokens)).MoveToOuterDisposeScope(), cat(words).MoveToOuterDisposeScope()));
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
            Pick(x, batch.MaskedLabels.index_select(0, rows), tokens, words);
        }

        return new Predictions(_language.call(cat(tokens)).MoveToOuterDisposeScope(), cat(words).MoveToOuterDisposeScope());
    }

    /// <summary>Which words, all hidden, would make the caption false if they were others? An answer for each by the summary of text and image, in no particular order.</summary>
    /// <param name="trace">As of <see cref="Match"/>.</param>
    /// <returns>Null where the summary does not learn so, or no caption has a word that its false one lacks.</returns>
    internal Predictions? Tell(PretrainingBatch batch, FeatureTrace? trace = null)
    {
        if (_telling is null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var (logits, words) = (new List<Tensor>(), new List<Tensor>());
        var texts = WithoutDifference(batch);
        foreach (var rows in ByLength(texts))
        {
            var summary = Read(batch.Images, rows, texts, rows, FeatureKind.Summary, trace).Summary!;
            var hidden = batch.WordLabels[0].index_select(0, rows).eq(1).nonzero(); // [words, 2]: row and place
            logits.Add(_language.call(_telling.call(summary)).index_select(0, hidden.select(1, 0)));
            words.Add(batch.Captions.Ids.index_select(0, rows)[hidden.select(1, 0), hidden.select(1, 1)]);
        }

        return words.Exists(static found => found.numel() > 0)
            ? new Predictions(cat(logits).MoveToOuterDisposeScope(), cat(words).MoveToOuterDisposeScope())
            : null;
    }

    public void Dispose()
    {
        _backbone.Dispose();
        _matching.Dispose();
        _language.Dispose();
        _words?.Dispose();
        _telling?.Dispose();
    }

    private Texts WithoutDifference(PretrainingBatch batch) =>
        new(batch.Captions.Ids.masked_fill(batch.WordLabels[0].eq(1), _mask), batch.Captions.Mask);

    // The tokens of [rows, tokens, width] that have a label of [rows, all tokens], and their labels.
    private void Pick(Tensor x, Tensor labels, List<Tensor> tokens, List<Tensor> picked)
    {
        var texts = Math.Min(x.size(1), labels.size(1)); // ViLT's image comes behind its text, and texts were cut
        var own = labels.narrow(1, 0, texts).reshape(-1);
        var places = own.ge(0).nonzero().reshape(-1);
        tokens.Add(x.narrow(1, 0, texts).reshape(-1, _width).index_select(0, places));
        picked.Add(own.index_select(0, places));
    }

    private static IBackbone Fresh(PretrainedModelConfig config, PretrainingData data, Device device, FeatureCache? features)
    {
        if (config.Width % config.Heads != 0)
        {
            throw new ConfigException("model.heads", $"must divide model.width, which is {config.Width}, not {config.Heads}");
        }

        return BackboneTable.BuiltIn.Named(config.Backbone).Load(new BackboneRequest
        {
            Input = new InputShape(data.Words, data.TextLength, data.ImageSide, data.ImageSide),
            Sizes = new ModelConfig { Width = config.Width, Layers = config.Layers, Heads = config.Heads, PatchSize = config.PatchSize, Dropout = config.Dropout, Weights = config.Weights },
            TextRows = data.TextLength,
            Device = device,
            Features = features,
            KeepsTexts = data.Samples > 0,
        }).Backbone;
    }

    // Rows of texts of like length.
    private static List<Tensor> ByLength(Texts texts)
    {
        var lengths = texts.Lengths();
        var groups = Math.Clamp(lengths.Count / FewestRows, 1, Groups);
        return [.. BatchParts.ByLength(lengths, (lengths.Count + groups - 1) / groups)
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
            return _backbone.Run(input, _whole, Attachments.None, wanted);
        }

        var traced = _backbone.Trace(input, _whole, Attachments.None, wanted);
        trace.Add([.. traced.Modules.Select(static module => module.Stream.MoveToOuterDisposeScope())]);
        return traced.Features;
    }
}
