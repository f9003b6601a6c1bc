using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Batches;
using DasSearch.Data.Pretraining;
using DasSearch.Data.Text;
using DasSearch.Models.Attachments;
using DasSearch.Models.Backbones;
using DasSearch.Models.Backbones.Vilt;
using DasSearch.Models.Heads;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Worker.Pretraining;

/// <summary>A ViLT with the two heads that it is pre-trained by.</summary>
internal sealed class PretrainingModel : IDisposable
{
    private const int Groups = 4;

    private readonly Vilt _vilt;
    private readonly MatchingHead _matching;
    private readonly MaskedLanguageHead _language;
    private readonly Subnetwork _whole;

    internal PretrainingModel(PretrainedModelConfig config, Device device)
    {
        Sizes = Shape(config);
        _vilt = new Vilt(Sizes, new InputShape(Sizes.Vocabulary, Sizes.TextLength, PretrainingData.ImageSide, PretrainingData.ImageSide), device);
        _matching = new MatchingHead(Sizes.Width, device);
        _language = new MaskedLanguageHead(Sizes.Width, Sizes.Vocabulary, device);
        _whole = Subnetwork.Whole(Sizes.Layers);
    }

    internal ViltConfig Sizes { get; }

    /// <summary>Every parameter under the official checkpoints' names; the tensors are the model's own.</summary>
    internal Dictionary<string, Tensor> State()
    {
        var state = _vilt.state_dict();
        _language.state_dict(state, "mlm_score");
        return _matching.state_dict(state, "itm_score");
    }

    internal IEnumerable<(string Name, Parameter Parameter)> Parameters() =>
        _vilt.named_parameters().Concat(_matching.named_parameters()).Concat(_language.named_parameters());

    internal void Train(bool training)
    {
        _vilt.train(training);
        _matching.train(training);
        _language.train(training);
    }

    /// <summary>Is the caption true? Logits [2 · batch, 2] for all true captions and then all false ones, with the answers [2 · batch].</summary>
    internal (Tensor Logits, Tensor Answers) Match(PretrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var (captions, falseCaptions) = (batch.Captions, batch.FalseCaptions);
        using var both = new Texts(cat([captions.Ids, falseCaptions.Ids]), cat([captions.Mask, falseCaptions.Mask]));
        var scenes = batch.Images.size(0);
        var order = ByLength(both);
        var logits = order.chunk(Groups).Select(rows =>
            _matching.call(_vilt.Summarise(Read(batch.Images, rows.remainder(scenes), both, rows).Finished)));
        var answers = cat([ones(scenes, ScalarType.Int64, order.device), zeros(scenes, ScalarType.Int64, order.device)]);
        return (cat([.. logits]).index_select(0, order.argsort()).MoveToOuterDisposeScope(), answers.MoveToOuterDisposeScope());
    }

    /// <summary>Which words were hidden? Logits [hidden, vocabulary] and the words [hidden], in no particular order.</summary>
    internal (Tensor Logits, Tensor Words) Predict(PretrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var (tokens, words) = (new List<Tensor>(), new List<Tensor>());
        foreach (var rows in ByLength(batch.Masked).chunk(Groups))
        {
            var (finished, longest) = Read(batch.Images, rows, batch.Masked, rows);
            var labels = batch.MaskedLabels.index_select(0, rows).narrow(1, 0, longest).reshape(-1);
            var hidden = labels.ge(0).nonzero().reshape(-1);
            var all = finished.Streams[0].narrow(1, 0, longest).reshape(-1, Sizes.Width);
            tokens.Add(all.index_select(0, hidden));
            words.Add(labels.index_select(0, hidden));
        }

        return (_language.call(cat(tokens)).MoveToOuterDisposeScope(), cat(words).MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _vilt.Dispose();
        _matching.Dispose();
        _language.Dispose();
    }

    private static ViltConfig Shape(PretrainedModelConfig config)
    {
        if (PretrainingData.ImageSide % config.PatchSize != 0)
        {
            throw new ConfigException("model.patch_size", $"must divide the images' side of {PretrainingData.ImageSide} pixels, not {config.PatchSize}");
        }

        if (config.Width % config.Heads != 0)
        {
            throw new ConfigException("model.heads", $"must divide model.width, which is {config.Width}, not {config.Heads}");
        }

        return new ViltConfig
        {
            Vocabulary = Vocabulary.FashionVl.Count,
            TextLength = PretrainingData.TextLength,
            Width = config.Width,
            Layers = config.Layers,
            Heads = config.Heads,
            PatchSize = config.PatchSize,
            PositionGrid = PretrainingData.ImageSide / config.PatchSize,
            Dropout = config.Dropout,
        };
    }

    // Rows in order of their texts' lengths: those of like length go through together, since padding costs as much as words.
    private static Tensor ByLength(Texts texts) => texts.Mask.sum(1).sort(0, stable: true).Indices;

    // Texts are cut to the longest of the rows: what is cut is padding, which attention does not see anyway.
    private (HiddenState Finished, long Longest) Read(Tensor images, Tensor scenes, Texts texts, Tensor rows)
    {
        var mask = texts.Mask.index_select(0, rows);
        var longest = mask.sum(1).max().item<long>();
        var input = new VisionLanguageInput(
            texts.Ids.index_select(0, rows).narrow(1, 0, longest), mask.narrow(1, 0, longest), images.index_select(0, scenes));
        var state = _vilt.Run(_vilt.Embed(input), 0, Sizes.Layers, _whole, NoAttachments.Instance);
        return (_vilt.Finish(state), longest);
    }
}
