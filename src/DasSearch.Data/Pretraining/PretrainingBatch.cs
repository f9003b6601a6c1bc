using DasSearch.Data.Batches;
using DasSearch.Data.Captions;
using DasSearch.Data.Scenes;
using static TorchSharp.torch;

namespace DasSearch.Data.Pretraining;

/// <summary>Scenes with what a model is to learn from them; owns its tensors, which are in no dispose scope.</summary>
/// <param name="Images">Float32, normalised, [batch, 3, side, side].</param>
/// <param name="Masked">The true captions with words hidden.</param>
/// <param name="MaskedLabels">The hidden words' ids, −100 elsewhere, Int64, [batch, tokens].</param>
/// <param name="Captions">The true captions.</param>
/// <param name="FalseCaptions">For each scene a caption that is false by one attribute.</param>
/// <param name="WordLabels">
/// Of the tokens of true captions and then of false ones, 1 or 0 where the two captions of a scene differ, −100 elsewhere, Int64, [2, batch, tokens].
/// </param>
/// <param name="Samples">The samples' numbers within the split.</param>
public sealed record PretrainingBatch(
    Tensor Images, Texts Masked, Tensor MaskedLabels, Texts Captions, Texts FalseCaptions, Tensor WordLabels, IReadOnlyList<long> Samples) : IDisposable
{
    /// <summary>The batch on a device: this one where it is there already, else a copy, and this one is disposed.</summary>
    public PretrainingBatch MoveTo(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (Images.device.type == device.type)
        {
            return this;
        }

        using (this)
        {
            return new PretrainingBatch(
                BatchTensors.Copy(Images, device),
                Masked.CopyTo(device),
                BatchTensors.Copy(MaskedLabels, device),
                Captions.CopyTo(device),
                FalseCaptions.CopyTo(device),
                BatchTensors.Copy(WordLabels, device),
                Samples);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Masked.Dispose();
        MaskedLabels.Dispose();
        Captions.Dispose();
        FalseCaptions.Dispose();
        WordLabels.Dispose();
    }
}

/// <summary>A scene with a caption that is true of it and one that is false by one attribute.</summary>
/// <remarks>
/// The two captions describe two scenes that differ in that attribute, and a coin decides which of them is shown: true
/// and false captions are equally distributed, so that neither text nor image alone tells them apart.
/// </remarks>
/// <param name="Change">The scene shown, its twin, and what differs.</param>
/// <param name="Plan">What is said about both.</param>
internal sealed record PretrainingSample<TItem>(Change<TItem> Change, CaptionPlan<TItem> Plan)
    where TItem : IEquatable<TItem>
{
    public string TrueCaption => CaptionText.Write(Plan, Change.Original);

    public string FalseCaption => CaptionText.Write(Plan, Change.Twin);

    /// <summary>Draws a sample.</summary>
    /// <param name="world">What there is.</param>
    /// <param name="random">The stream.</param>
    /// <param name="easyShare">
    /// The probability that the false caption tells of an unrelated scene and not of one that differs in one attribute: it
    /// gives a model that knows nothing yet something to learn from.
    /// </param>
    /// <param name="isPlain">Whether the caption names every cell by its position, as a first step.</param>
    public static PretrainingSample<TItem> Draw(IWorld<TItem> world, Random random, double easyShare = 0, bool isPlain = false)
    {
        var change = Change<TItem>.Draw(world, world.Pooled(random), random);
        var plan = isPlain ? CaptionPlanner.OfGrid<TItem>(random) : CaptionPlanner.Draw(world, change, random);
        if (easyShare > 0 && random.NextDouble() < easyShare)
        {
            var unrelated = change with { Twin = world.Pooled(random) };
            change = CaptionPlanner.TellsApart(plan, unrelated) ? unrelated : change;
        }

        return new PretrainingSample<TItem>(random.Next(2) == 0 ? change : change.Reverse(), plan);
    }

    /// <summary>Draws what is said of a scene that is said other things of elsewhere: the scene and its twin are of a stream of their own.</summary>
    /// <param name="world">What there is.</param>
    /// <param name="scene">The stream of the scene, which its pictures continue.</param>
    /// <param name="text">The stream of the captions.</param>
    /// <param name="easyShare">As of the other.</param>
    /// <param name="isPlain">As of the other.</param>
    public static PretrainingSample<TItem> DrawOfScene(IWorld<TItem> world, Random scene, Random text, double easyShare, bool isPlain)
    {
        var change = Change<TItem>.Draw(world, world.Pooled(scene), scene);
        change = scene.Next(2) == 0 ? change : change.Reverse();
        var plan = isPlain ? CaptionPlanner.OfGrid<TItem>(text) : CaptionPlanner.Draw(world, change, text);
        if (easyShare > 0 && text.NextDouble() < easyShare)
        {
            var unrelated = change with { Twin = world.Pooled(text) };
            change = CaptionPlanner.TellsApart(plan, unrelated) ? unrelated : change;
        }

        return new PretrainingSample<TItem>(change, plan);
    }
}
