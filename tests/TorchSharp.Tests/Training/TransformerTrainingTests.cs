using System.Globalization;
using TorchSharp.Modules;
using TorchSharp.Tests.Support;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Training;

/// <summary>Fifty AdamW steps of a two-layer Transformer beside PyTorch's, from the same weights and batches.</summary>
public sealed class TransformerTrainingTests(ITestOutputHelper output)
{
    private const int Steps = 50;
    private const int WarmUp = 10;
    private static readonly SafetensorsFile _fixtures = SafetensorsFile.Open("training.safetensors");

    [Fact]
    public void AdamW_FiftySteps_FollowPyTorchsLossesNormsAndRates()
    {
        var before = LiveTensors.Settled();
        double loss = 0, norm = 0;
        using (NewDisposeScope())
        {
            var (losses, norms, rates) = Train();
            loss = Worst(_fixtures.Floats("transformer.losses"), losses, (expected, actual) => Math.Abs(expected - actual));
            norm = Worst(_fixtures.Floats("transformer.norms"), norms, (expected, actual) => Math.Abs(expected - actual) / expected);
            Assert.Equal(_fixtures.Doubles("transformer.rates"), rates, (expected, actual) => Math.Abs(expected - actual) <= 1e-15);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"worst loss difference {loss:e2}, worst relative norm difference {norm:e2}"));
        Assert.InRange(loss, 0, 1e-4);
        Assert.InRange(norm, 0, 1e-3);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void AdamW_TwoRunsFromTheSameWeights_AreBitIdentical()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(Train().Losses, Train().Losses);
    }

    /// <summary>A transformer with the stored weights.</summary>
    internal static SmallTransformer Stored()
    {
        const string prefix = "transformer/";
        var model = new SmallTransformer();
        model.load_state_dict(_fixtures.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[prefix.Length..], _fixtures.Tensor, StringComparer.Ordinal));
        return model;
    }

    /// <summary>AdamW with the matrices in one group and the vectors, which do not decay, in another.</summary>
    internal static AdamW Groups(SmallTransformer model)
    {
        var all = model.parameters().ToArray();
        return new AdamW(
        [
            new AdamW.ParamGroup(all.Where(parameter => parameter.dim() > 1), lr: 5e-3, weight_decay: 0.1),
            new AdamW.ParamGroup(all.Where(parameter => parameter.dim() <= 1), lr: 1e-2, weight_decay: 0.0),
        ]);
    }

    /// <summary>One step on the stored batch of that number: loss and gradient norm before clipping.</summary>
    internal static (float Loss, double Norm) Step(SmallTransformer model, optim.Optimizer optimizer, int step)
    {
        using var scope = NewDisposeScope();
        var ids = _fixtures.Tensor("transformer.ids")[step];
        var labels = _fixtures.Tensor("transformer.labels")[step];
        optimizer.zero_grad();
        var loss = functional.cross_entropy(model.call(ids), labels);
        loss.backward();
        var norm = utils.clip_grad_norm_(model.parameters(), 1.0);
        optimizer.step();
        return (loss.item<float>(), norm);
    }

    private static (float[] Losses, double[] Norms, double[] Rates) Train()
    {
        using var model = Stored();
        using var optimizer = Groups(model);
        var scheduler = optim.lr_scheduler.LambdaLR(optimizer, step => step < WarmUp ? (step + 1.0) / WarmUp : (double)(Steps - step) / (Steps - WarmUp));
        var (losses, norms, rates) = (new List<float>(), new List<double>(), new List<double>());
        for (var step = 0; step < Steps; step++)
        {
            rates.AddRange(optimizer.ParamGroups.Select(group => group.LearningRate));
            var (loss, norm) = Step(model, optimizer, step);
            losses.Add(loss);
            norms.Add(norm);
            scheduler.step();
        }

        return ([.. losses], [.. norms], [.. rates]);
    }

    private static double Worst<T>(float[] expected, T[] actual, Func<double, double, double> difference)
        where T : struct, IConvertible
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (e, a) => difference(e, a.ToDouble(CultureInfo.InvariantCulture))).Max();
    }
}
