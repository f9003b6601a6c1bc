using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Models.Heads;
using static TorchSharp.torch;

namespace DasSearch.Worker.Heads;

/// <summary>NLVR2 as in ViLT's code: each image is read with the text, and a classifier sees the summaries side by side.</summary>
internal sealed class ClassificationHead(TaskFacts facts, int width, Device device)
    : TaskHead("nlvr2_classifier", new ClassifierHead(facts.Images * width, 2L * width, facts.Answers.Count, device), isMultiplied: true)
{
    internal override Tensor Logits(Batch batch, Func<VisionLanguageInput, Tensor> summarise)
    {
        var summaries = batch.Images.Select((images, i) =>
            summarise(new VisionLanguageInput(batch.Texts.Ids, batch.Texts.Mask, images, ImageNumber: i + 1)));
        return Layers.call(cat([.. summaries], 1));
    }
}
