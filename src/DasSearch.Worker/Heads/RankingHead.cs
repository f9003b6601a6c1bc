using DasSearch.Data.Batches;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Worker.Heads;

/// <summary>Retrieval as in ViLT's code: one score a text, and the true text's is to be the highest.</summary>
internal sealed class RankingHead : TaskHead
{
    private const string MatchingWeight = "itm_score.fc.weight";
    private const string MatchingBias = "itm_score.fc.bias";
    private const double Deviation = 0.02;

    /// <param name="width">Width of a summary.</param>
    /// <param name="pretrained">What the checkpoint held beside the backbone: where it has a matching head, its row for "yes" is the start.</param>
    /// <param name="device">Where the parameters live.</param>
    internal RankingHead(int width, IReadOnlyDictionary<string, Tensor> pretrained, Device device)
        : base("rank_output", nn.Linear(width, 1, device: device), isMultiplied: false)
    {
        using var unrecorded = no_grad();
        var layer = (TorchSharp.Modules.Linear)Layers;
        nn.init.normal_(layer.weight, std: Deviation);
        nn.init.zeros_(layer.bias!);
        if (pretrained.TryGetValue(MatchingWeight, out var weight) && pretrained.TryGetValue(MatchingBias, out var bias)
            && weight.shape.SequenceEqual([2L, width]) && bias.shape.SequenceEqual([2L]))
        {
            layer.weight.copy_(weight.narrow(0, 1, 1));
            layer.bias!.copy_(bias.narrow(0, 1, 1));
        }
    }

    internal override Tensor Logits(Batch batch, Func<VisionLanguageInput, Tensor> summarise)
    {
        var (size, texts) = (batch.Texts.Ids.size(0), batch.Texts.Ids.size(1));
        var images = batch.Images[0].repeat_interleave(texts, 0);
        return Scores(new VisionLanguageInput(batch.Texts.Ids.flatten(0, 1), batch.Texts.Mask.flatten(0, 1), images), summarise)
            .reshape(size, texts);
    }

    /// <summary>How well each text fits its image: [batch].</summary>
    internal Tensor Scores(VisionLanguageInput input, Func<VisionLanguageInput, Tensor> summarise) =>
        Layers.call(summarise(input)).reshape(-1);
}
