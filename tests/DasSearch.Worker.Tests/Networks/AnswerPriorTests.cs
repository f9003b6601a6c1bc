using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Networks;

public sealed class AnswerPriorTests
{
    [Theory]
    [InlineData(null, 0.5)]
    [InlineData(0.01, 0.01)]
    public void Build_AClassifierOfAnswers_TakesEachToBeAsLikelyAsTheSettingsSay(double? prior, double expected)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var config = TinySearch.Config;
        var task = new SmallTask(config.Task);
        using var network = TinySearch.Network(config with { Search = config.Search with { AnswerPrior = prior } }, task);
        using var batch = task.Batch(Split.Validation, 0, 0, 4);
        var chances = network.Logits(batch, Subnetwork.Whole(TinySearch.Layers)).sigmoid();
        Assert.Equal(expected, chances.mean().item<float>(), 0.1 * expected);
    }
}
