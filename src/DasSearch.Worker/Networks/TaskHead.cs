using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Models.Heads;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Worker.Networks;

/// <summary>What a kind of task puts behind a backbone: the inputs that it needs, its layers, their loss, and what counts as correct.</summary>
/// <param name="name">The head's name in official checkpoints.</param>
/// <param name="layers">Summaries [batch, width] to logits.</param>
/// <param name="group">How fast it learns: the official code multiplies classifiers' rates, not rank_output's.</param>
internal abstract class TaskHead(string name, nn.Module<Tensor, Tensor> layers, LearningRateGroup group) : IDisposable
{
    /// <summary>The name of one Linear where checkpoints have no classifier that is one.</summary>
    private protected const string Classifier = "classifier";

    private protected const double Deviation = 0.02;

    private static IReadOnlyDictionary<string, Tensor> NoWeights { get; } = new Dictionary<string, Tensor>();

    internal LearningRateGroup Group => group;

    /// <summary>What it wants of each pass.</summary>
    internal virtual FeatureKind Wanted => FeatureKind.Summary;

    protected nn.Module<Tensor, Tensor> Layers => layers;

    /// <summary>The head of a task: a new kind is one class and one line here.</summary>
    /// <param name="request">What the network is built from.</param>
    /// <param name="loaded">The backbone, and what else its checkpoint held.</param>
    internal static TaskHead Create(NetworkRequest request, LoadedBackbone loaded)
    {
        var (task, device) = (request.Task.Facts, request.Device);
        var (width, inner, isShared) = (loaded.Backbone.Description.SummaryWidth, loaded.Backbone.Description.ClassifierWidth, loaded.Backbone.Description.HasSharedSpace);
        return task.Kind switch
        {
            TaskKind.Classification when task.Head == ClassHead.Prompts && !isShared => throw new ConfigException(
                "data.head", "must be linear, or left out: of prompts it is for backbones of texts and images in one space, such as clip"),
            TaskKind.Classification when task.Head == ClassHead.Linear && isShared && !task.TextsDiffer => new ProbeHead(LinearOf(
                Classifier, loaded.Backbone.Description.Shapes[^1].Width, task.Answers.Count, NoWeights, device)),
            TaskKind.Classification when task.Head != ClassHead.Linear && isShared && task.Prompts.Count > 0 => new PromptedHead(task.Prompts, device),
            TaskKind.Ranking when isShared => new PairedHead(),
            TaskKind.Classification when loaded.Backbone.Description.LinearClassifier is { } name => new ClassificationHead(name, LinearOf(name, task.Passes * width, task.Answers.Count, loaded.Rest, device)),
            TaskKind.Classification when task.Head == ClassHead.Linear => new ClassificationHead(
                Classifier, LinearOf(Classifier, task.Passes * width, task.Answers.Count, NoWeights, device)),
            TaskKind.Answering => new AnsweringHead(task, new ClassifierHead(width, inner, task.Answers.Count, device, request.AnswerPrior)),
            TaskKind.Classification => new ClassificationHead("nlvr2_classifier", new ClassifierHead(task.Passes * width, inner, task.Answers.Count, device)),
            TaskKind.Continuation => new ContinuationHead(task),
            TaskKind.Ranking => new RankingHead(width, loaded.Rest, device),
            _ => throw new ArgumentOutOfRangeException(nameof(request), task.Kind, "No head is known for this kind of task."),
        };
    }

    // One Linear, which starts as the checkpoint's where that has as many classes, and else near 0.
    private static Linear LinearOf(string name, int width, int classes, IReadOnlyDictionary<string, Tensor> pretrained, Device device)
    {
        using var unrecorded = no_grad();
        var layer = nn.Linear(width, classes, device: device);
        nn.init.normal_(layer.weight!, std: Deviation);
        nn.init.zeros_(layer.bias!);
        if (pretrained.TryGetValue(name + ".weight", out var weight) && pretrained.TryGetValue(name + ".bias", out var bias)
            && weight.shape.SequenceEqual(layer.weight!.shape) && bias.shape.SequenceEqual(layer.bias!.shape))
        {
            CheckpointFile.CopyWeights("the checkpoint", name + ".weight", weight, layer.weight);
            CheckpointFile.CopyWeights("the checkpoint", name + ".bias", bias, layer.bias);
        }

        return layer;
    }

    /// <summary>The head's parameters by their official names.</summary>
    internal IEnumerable<(string Name, Parameter Parameter)> Parameters() =>
        layers.named_parameters().Select(entry => ($"{name}.{entry.name}", entry.parameter));

    internal void Train(bool training) => layers.train(training);

    /// <summary>The passes that it needs; tensors that are not the batch's are the current scope's.</summary>
    internal virtual IReadOnlyList<BackboneInput> Inputs(Batch batch) => [new(batch.Texts.Ids, batch.Texts.Mask, batch.Images.Count > 0 ? batch.Images[0] : null, batch.PixelMasks?[0])];

    /// <summary>Scores of answers, classes or candidates: [batch, choices].</summary>
    /// <param name="features">What the passes gave, in the order of the inputs.</param>
    /// <param name="batch">The samples.</param>
    internal virtual Tensor Logits(IReadOnlyList<Features> features, Batch batch) => layers.call(features[0].Summary!);

    /// <summary>The sum of the task's losses, as fast validation rewards it: a scalar.</summary>
    internal virtual Tensor Loss(Tensor logits, Batch batch) => nn.functional.cross_entropy(logits, batch.Labels);

    /// <summary>Cross-entropy with labels that are the true class but for ε, which all classes share alike (Szegedy et al., arXiv:1512.00567): a scalar.</summary>
    /// <param name="logits">[batch, classes].</param>
    /// <param name="smoothing">ε, in [0, 1).</param>
    internal static Tensor SmoothedLoss(Tensor logits, Batch batch, double smoothing)
    {
        using var scope = NewDisposeScope();
        var plain = nn.functional.cross_entropy(logits, batch.Labels);
        return ((plain * (1 - smoothing)) - (logits.log_softmax(1).mean() * smoothing)).MoveToOuterDisposeScope();
    }

    /// <summary>The same of each sample: [batch], whose mean is <see cref="Loss"/>.</summary>
    internal virtual Tensor SampleLosses(Tensor logits, Batch batch) =>
        nn.functional.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.None);

    /// <summary>How right each sample is, in [0, 1]: [batch].</summary>
    internal virtual Tensor Right(Tensor logits, Batch batch) => logits.argmax(1).eq(batch.Labels).to(ScalarType.Float32);

    /// <inheritdoc/>
    public void Dispose() => layers.Dispose();
}

/// <summary>VQA as in ViLT's code: a classifier over all answers, each of which may be partly right.</summary>
/// <remarks>
/// The loss is binary cross-entropy, averaged over samples and answers and then multiplied by the number of answers; a
/// prediction counts for as much as its answer is right.
/// </remarks>
internal sealed class AnsweringHead(TaskFacts facts, ClassifierHead layers) : TaskHead("vqa_classifier", layers, LearningRateGroup.Head)
{
    internal override Tensor Loss(Tensor logits, Batch batch) =>
        nn.functional.binary_cross_entropy_with_logits(logits, batch.Targets!) * facts.Answers.Count;

    internal override Tensor SampleLosses(Tensor logits, Batch batch) =>
        nn.functional.binary_cross_entropy_with_logits(logits, batch.Targets!, reduction: nn.Reduction.None).sum([1]);

    internal override Tensor Right(Tensor logits, Batch batch) => batch.Targets!.gather(1, logits.argmax(1, keepdim: true)).squeeze(1);
}

/// <summary>NLVR2 as in ViLT's code: each image is read with the text, and a classifier sees the summaries side by side; or that of an image or a text alone.</summary>
internal sealed class ClassificationHead(string name, nn.Module<Tensor, Tensor> layers) : TaskHead(name, layers, LearningRateGroup.Head)
{
    internal override IReadOnlyList<BackboneInput> Inputs(Batch batch) => batch.Images.Count == 0
        ? base.Inputs(batch)
        : [.. batch.Images.Select((images, i) => new BackboneInput(batch.Texts.Ids, batch.Texts.Mask, images, batch.PixelMasks?[i], ImageNumber: i + 1))];

    internal override Tensor Logits(IReadOnlyList<Features> features, Batch batch) =>
        Layers.call(cat([.. features.Select(static pass => pass.Summary!)], 1));
}

/// <summary>Retrieval as in ViLT's code: one score a text, and the true text's is to be the highest.</summary>
/// <remarks>METER's code adds the loss of the frozen head that tells matching pairs, of which half have another image; here METER has the ranking loss alone, too.</remarks>
internal sealed class RankingHead : TaskHead
{
    private const string MatchingWeight = "itm_score.fc.weight";
    private const string MatchingBias = "itm_score.fc.bias";

    /// <param name="width">Width of a summary.</param>
    /// <param name="pretrained">What the checkpoint held beside the backbone: where it has a matching head, its row for "yes" is the start.</param>
    /// <param name="device">Where the parameters live.</param>
    internal RankingHead(int width, IReadOnlyDictionary<string, Tensor> pretrained, Device device)
        : base("rank_output", nn.Linear(width, 1, device: device), LearningRateGroup.Body)
    {
        using var unrecorded = no_grad();
        var layer = (Linear)Layers;
        nn.init.normal_(layer.weight, std: Deviation);
        nn.init.zeros_(layer.bias!);
        if (pretrained.TryGetValue(MatchingWeight, out var weight) && pretrained.TryGetValue(MatchingBias, out var bias)
            && weight.shape.SequenceEqual([2L, width]) && bias.shape.SequenceEqual([2L]))
        {
            CheckpointFile.CopyWeights("the checkpoint", MatchingWeight, weight.narrow(0, 1, 1), layer.weight);
            CheckpointFile.CopyWeights("the checkpoint", MatchingBias, bias.narrow(0, 1, 1), layer.bias!);
        }
    }

    /// <summary>Every text of a sample with the sample's image: [batch · texts, tokens].</summary>
    internal override IReadOnlyList<BackboneInput> Inputs(Batch batch)
    {
        var texts = batch.Texts.Ids.size(1);
        return [new(batch.Texts.Ids.flatten(0, 1), batch.Texts.Mask.flatten(0, 1), batch.Images[0].repeat_interleave(texts, 0), batch.PixelMasks?[0]?.repeat_interleave(texts, 0))];
    }

    internal override Tensor Logits(IReadOnlyList<Features> features, Batch batch) =>
        Layers.call(features[0].Summary!).reshape(batch.Texts.Ids.size(0), batch.Texts.Ids.size(1));
}

/// <summary>A linear probe of a backbone that has texts and images in one space: one Linear on what an image is before it is projected there (CLIP, arXiv:2103.00020, section 3.2).</summary>
internal sealed class ProbeHead(Linear layer) : TaskHead(Classifier, layer, LearningRateGroup.Head)
{
    /// <summary>All images, and one text, of which nothing is asked.</summary>
    internal override IReadOnlyList<BackboneInput> Inputs(Batch batch) => [new(batch.Texts.Ids.narrow(0, 0, 1), batch.Texts.Mask.narrow(0, 0, 1), batch.Images[0])];

    internal override Tensor Logits(IReadOnlyList<Features> features, Batch batch) => Layers.call(features[0].Streams[^1].select(1, 0));
}

/// <summary>Classes by their names, as CLIP tells them (arXiv:2103.00020, section 3.1): what is said of a picture of each lies near the pictures of it.</summary>
/// <remarks>
/// A pass reads the batch's images, and the sentences once for all of them. Nothing of the head is trained, so that classes may be others afterwards than those that
/// were learnt.
/// </remarks>
internal sealed class PromptedHead : TaskHead
{
    private readonly Prompts _prompts;

    /// <param name="prompts">A sentence for each class, as tokens without padding.</param>
    internal PromptedHead(IReadOnlyList<IReadOnlyList<long>> prompts, Device device)
        : this(new Prompts(prompts, device))
    {
    }

    private PromptedHead(Prompts prompts)
        : base("prompts", prompts, LearningRateGroup.Body) => _prompts = prompts;

    internal override IReadOnlyList<BackboneInput> Inputs(Batch batch) => [new(_prompts.Ids, _prompts.Mask, batch.Images[0])];

    internal override Tensor Logits(IReadOnlyList<Features> features, Batch batch) => features[0].Shared!.Scores();

    /// <summary>The sentences: [classes, tokens].</summary>
    private sealed class Prompts : nn.Module<Tensor, Tensor>
    {
        private readonly Tensor ids, mask; // buffers, which outlive whoever builds them

        internal Prompts(IReadOnlyList<IReadOnlyList<long>> prompts, Device device)
            : base(nameof(Prompts))
        {
            var length = prompts.Max(static prompt => prompt.Count);
            using var scope = NewDisposeScope();
            var counts = tensor(prompts.Select(static prompt => (long)prompt.Count).ToArray(), device: device);
            mask = arange(length, ScalarType.Int64, device).unsqueeze(0).lt(counts.unsqueeze(1)).DetachFromDisposeScope();
            ids = tensor(prompts.SelectMany(prompt => prompt.Concat(Enumerable.Repeat(0L, length - prompt.Count))).ToArray(), [prompts.Count, length], device: device).DetachFromDisposeScope();
            RegisterComponents();
        }

        internal Tensor Ids => ids;

        internal Tensor Mask => mask;

        public override Tensor forward(Tensor input) => input.alias();
    }
}

/// <summary>Retrieval by the score that a backbone itself has for a text and an image, each of which it reads once. Nothing of the head is trained.</summary>
internal sealed class PairedHead() : TaskHead("pairs", nn.Identity(), LearningRateGroup.Body)
{
    /// <summary>Every text of a sample, [batch · texts, tokens], and the sample's image, once.</summary>
    internal override IReadOnlyList<BackboneInput> Inputs(Batch batch) => [new(batch.Texts.Ids.flatten(0, 1), batch.Texts.Mask.flatten(0, 1), batch.Images[0])];

    internal override Tensor Logits(IReadOnlyList<Features> features, Batch batch) => features[0].Shared!.OwnScores();
}

/// <summary>Texts that follow others, scored by the backbone's own words: by the mean log-likelihood of a continuation's tokens.</summary>
/// <remarks>
/// The loss is the mean cross-entropy of the true one's tokens, averaged over samples; LaVIN's code (arXiv:2305.15023) averages over the tokens of all of them.
/// Nothing of the head is trained. An empty continuation is never chosen.
/// </remarks>
internal sealed class ContinuationHead(TaskFacts facts) : TaskHead("continuation", nn.Identity(), LearningRateGroup.Body)
{
    internal override FeatureKind Wanted => FeatureKind.Tokens;

    /// <summary>Every text of a sample: [batch · texts, tokens].</summary>
    internal override IReadOnlyList<BackboneInput> Inputs(Batch batch) => [new(batch.Texts.Ids.flatten(0, 1), batch.Texts.Mask.flatten(0, 1), batch.Images.Count > 0 ? batch.Images[0] : null)];

    internal override Tensor Logits(IReadOnlyList<Features> features, Batch batch)
    {
        var words = features[0].Words
            ?? throw new DasSearchException($"{facts.Name} asks for words that follow, and so for a backbone that scores them, such as llama");
        var last = batch.Texts.Ids.size(2) - 1;
        var places = batch.Texts.Asked!.flatten(0, 1).narrow(1, 1, last).nonzero(); // [asked, 2]: the text, and the token before the one that is asked for
        var (text, before) = (places.select(1, 0), places.select(1, 1));
        var rows = (text * last) + before;
        var read = features[0].Streams[0].narrow(1, 0, last).flatten(0, 1).index_select(0, rows); // [asked, width]
        var losses = nn.functional.cross_entropy(
            words(read).to(ScalarType.Float32), batch.Texts.Ids.flatten(0, 1).narrow(1, 1, last).flatten().index_select(0, rows), reduction: nn.Reduction.None);
        var none = zeros(batch.Size * facts.Texts, device: losses.device);
        var counts = none.index_add(0, text, ones_like(losses), 1);
        var means = none.index_add(0, text, losses, 1) / counts.clamp_min(1);
        return means.neg().masked_fill(counts.eq(0), double.NegativeInfinity).reshape(batch.Size, facts.Texts);
    }

    internal override Tensor Loss(Tensor logits, Batch batch) => SampleLosses(logits, batch).mean();

    internal override Tensor SampleLosses(Tensor logits, Batch batch) => logits.gather(1, batch.Labels.unsqueeze(1)).squeeze(1).neg();
}
