using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Models.Heads;
using static TorchSharp.torch;

namespace DasSearch.Worker.Heads;

/// <summary>VQA as in ViLT's code: a classifier over all answers, each of which may be partly right.</summary>
/// <remarks>
/// The loss is binary cross-entropy, averaged over samples and answers and then multiplied by the number of answers; a
/// prediction counts for as much as its answer is right.
/// </remarks>
internal sealed class AnsweringHead(TaskFacts facts, int width, Device device)
    : TaskHead("vqa_classifier", new ClassifierHead(width, 2L * width, facts.Answers.Count, device), isMultiplied: true)
{
    internal override Tensor Logits(Batch batch, Func<VisionLanguageInput, Tensor> summarise) =>
        Layers.call(summarise(new VisionLanguageInput(batch.Texts.Ids, batch.Texts.Mask, batch.Images[0])));

    internal override Tensor Loss(Tensor logits, Batch batch) =>
        nn.functional.binary_cross_entropy_with_logits(logits, batch.Targets!) * facts.Answers.Count;

    internal override Tensor SampleLosses(Tensor logits, Batch batch) =>
        nn.functional.binary_cross_entropy_with_logits(logits, batch.Targets!, reduction: nn.Reduction.None).sum([1]);

    internal override double Right(Tensor logits, Batch batch) =>
        batch.Targets!.gather(1, logits.argmax(1, keepdim: true)).sum().item<float>();
}
