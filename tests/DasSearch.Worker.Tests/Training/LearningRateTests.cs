using DasSearch.Core.Configuration;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Training;

/// <summary>Which parameter learns how fast.</summary>
public sealed class LearningRateTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("vqa_classifier.3.weight", LearningRateGroup.Head)]
    [InlineData("cross_modal_text_pooler.dense.weight", LearningRateGroup.CrossModal)]
    [InlineData("cross_modal_image_layers.3.attention.output.adapter.down_proj.weight", LearningRateGroup.CrossModal)]
    [InlineData("cross_modal_text_layers.0.adapter.up_proj.bias", LearningRateGroup.CrossModal)]
    [InlineData("adapter_list_l.0.0.down_proj.weight", LearningRateGroup.Body)]
    [InlineData("adapter_list_v.3.0.up_proj.bias", LearningRateGroup.Body)]
    [InlineData("token_type_embeddings.weight", LearningRateGroup.Body)]
    [InlineData("token4classifier", LearningRateGroup.Body)]
    public void Trained_OfMeter_LearnAsInTheAuthorsCode(string name, LearningRateGroup group)
    {
        using var network = TinySearch.Network(TinySearch.Config with { Backbone = "meter" }, new SmallTask("fashionvl-vqa"));
        Assert.Equal(group, Assert.Single(network.Trained, parameter => parameter.Name == name).Group);
    }

    [Fact]
    public void Trained_OfVilt_HaveNothingBetweenStreams()
    {
        using var network = TinySearch.Network(TinySearch.Config, new SmallTask("fashionvl-vqa"));
        Assert.DoesNotContain(network.Trained, parameter => parameter.Group == LearningRateGroup.CrossModal);
    }

    [Fact]
    public void At_AfterWarmUp_FallsAlongACosine() => Assert.Equal(
        [0.5, 1, 1, 0.75, 0.25, 0], new[] { 0L, 1, 2, 4, 6, 8 }.Select(new WarmUpDecay(8, 2, RateDecay.Cosine).At), (a, b) => Math.Abs(a - b) < 1e-12);

    [Theory]
    [InlineData(50, 5)]
    [InlineData(10, 1)]
    [InlineData(null, null)]
    public void End_OfABatch_MovesEachGroupByItsRate(int? head, int? crossModal)
    {
        var trained = new[] { LearningRateGroup.Body, LearningRateGroup.Head, LearningRateGroup.CrossModal }
            .Select(group => new TrainedParameter($"{group}.weight", new Parameter(zeros(3)), group)).ToList();
        var search = new SearchConfig { HeadMultiplier = head, CrossModalMultiplier = crossModal, WeightDecay = 0, WarmUpFraction = 0 };
        using var optimizer = new TransferOptimizer(trained, OptimizerSettings.Of(search, 1e-3, "search.learning_rate", batches: 1));
        optimizer.Begin();
        _ = optimizer.Learn(stack(trained.Select(static parameter => parameter.Parameter.sum())).sum(), share: 1);
        _ = optimizer.End(0, loss: 3);

        // Adam's first step is the learning rate, whatever the gradient.
        Assert.Equal([1e-3, 1e-3 * (head ?? 10), 1e-3 * (crossModal ?? 1)], trained.Select(static parameter => -(double)parameter.Parameter[0].item<float>()), (a, b) => Math.Abs(a - b) < 1e-6);
    }
}
