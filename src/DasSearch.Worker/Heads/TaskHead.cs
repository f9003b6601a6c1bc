using DasSearch.Data.Batches;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Worker.Heads;

/// <summary>What a kind of task puts behind a backbone: the head, its loss, and what counts as right.</summary>
/// <param name="name">The head's name in official checkpoints.</param>
/// <param name="layers">Summaries [batch, width] to logits.</param>
/// <param name="isMultiplied">Whether the head learns faster: the official code multiplies classifiers' rates, not rank_output's.</param>
internal abstract class TaskHead(string name, nn.Module<Tensor, Tensor> layers, bool isMultiplied) : IDisposable
{
    /// <summary>Whether its learning rate is multiplied.</summary>
    internal bool IsMultiplied => isMultiplied;

    /// <summary>From summaries to logits.</summary>
    protected nn.Module<Tensor, Tensor> Layers => layers;

    /// <summary>The head's parameters by their official names.</summary>
    internal IEnumerable<(string Name, Parameter Parameter)> Parameters() =>
        layers.named_parameters().Select(entry => ($"{name}.{entry.name}", entry.parameter));

    internal void Train(bool training) => layers.train(training);

    /// <summary>Scores of answers, classes or candidates: [batch, choices].</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="summarise">The backbone: texts and images to summaries [batch, summary width].</param>
    internal abstract Tensor Logits(Batch batch, Func<VisionLanguageInput, Tensor> summarise);

    /// <summary>The sum of the task's losses, as fast validation rewards it: a scalar.</summary>
    internal virtual Tensor Loss(Tensor logits, Batch batch) => nn.functional.cross_entropy(logits, batch.Labels);

    /// <summary>The same of each sample: [batch], whose mean is <see cref="Loss"/>.</summary>
    internal virtual Tensor SampleLosses(Tensor logits, Batch batch) =>
        nn.functional.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.None);

    /// <summary>How many samples are right; a sample may be partly so.</summary>
    internal virtual double Right(Tensor logits, Batch batch) => logits.argmax(1).eq(batch.Labels).sum().item<long>();

    /// <inheritdoc/>
    public void Dispose() => layers.Dispose();
}
