using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Training;

/// <summary>Learning rates over the steps, and the settings that schedulers and users reach.</summary>
public sealed class SchedulerTests
{
    [Fact]
    public void LambdaLR_OneFunctionAGroup_ScalesEachInitialRate()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new SGD([new SGD.ParamGroup([Parameter(ones(1))], lr: 0.5), new SGD.ParamGroup([Parameter(ones(1))], lr: 2)], 0.1);
        var scheduler = new optim.lr_scheduler.impl.LambdaLR(optimizer, (IEnumerable<Func<int, double>>)[step => step + 1, step => 1.0 / (step + 1)]);
        Assert.Equal([0.5, 2.0], scheduler.get_last_lr());
        scheduler.step();
        Assert.Equal([1.0, 1.0], optimizer.ParamGroups.Select(group => group.LearningRate));
        scheduler.step(3);
        Assert.Equal([2.0, 0.5], scheduler.get_last_lr());
        Assert.Equal([0.5, 2.0], optimizer.ParamGroups.Select(group => group.InitialLearningRate));
    }

    [Fact]
    public void LambdaLR_WithTooFewFunctions_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var optimizer = optim.SGD([Parameter(ones(1))], 0.5);
        var message = Refusals.Of(() => GC.KeepAlive(new optim.lr_scheduler.impl.LambdaLR(optimizer, (IEnumerable<Func<int, double>>)[]))).Message;
        Assert.Contains("1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LearningRate_SetByHand_IsUsedByTheNextStep()
    {
        using var scope = NewDisposeScope();
        var w = Parameter(zeros(1));
        using var optimizer = optim.SGD([w], 0.5);
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = 0.125;
        }

        w.sum().backward();
        optimizer.step();
        Assert.Equal(-0.125f, w.item<float>());
    }

    [Fact]
    public void Settings_OfGroups_AreReadAndWritten()
    {
        using var scope = NewDisposeScope();
        using var adam = optim.Adam([Parameter(ones(1))], beta1: 0.8, beta2: 0.9);
        using var adamW = optim.AdamW([Parameter(ones(1))], beta1: 0.7, beta2: 0.95);
        using var sgd = optim.SGD([Parameter(ones(1))], 0.1, momentum: 0.5);
        Assert.Equal(((0.8, 0.9), (0.7, 0.95), 0.5), (adam.Betas, adamW.Betas, sgd.Momentum));
        sgd.Momentum = 0.25;
        adam.Betas = (0.5, 0.6);
        Assert.Equal(0.25, ((optim.IMomentum)sgd.ParamGroups.Single()).Momentum);
        Assert.Equal((0.5, 0.6), ((optim.IBetas)adam.ParamGroups.Single()).Betas);
        Assert.Equal(0.05, new AdamW.ParamGroup([Parameter(ones(1))], lr: 0.05).Options.LearningRate);
    }

    [Fact]
    public void Parameters_WithoutGradient_StayWhereTheyAre()
    {
        using var scope = NewDisposeScope();
        var (used, idle) = (Parameter(ones(1)), Parameter(ones(1)));
        using var optimizer = optim.AdamW([used, idle], 0.1, weight_decay: 0.5);
        used.sum().backward();
        optimizer.step();
        Assert.NotEqual(1f, used.item<float>());
        Assert.Equal(1f, idle.item<float>());
    }

    [Fact]
    public void LoadStateDict_OfOtherParametersOrTornBytes_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        using var one = optim.AdamW([Parameter(ones(2))], 0.1);
        one.save_state_dict(writer);
        using var other = optim.AdamW([Parameter(ones(2)), Parameter(ones(3))], 0.2);
        foreach (var cut in new[] { stream.ToArray(), stream.ToArray()[..9], [1, 2, 3, 4, 5, 6, 7, 8, 9] })
        {
            using var reader = new BinaryReader(new MemoryStream(cut));
            Assert.NotNull(Record.Exception(() => other.load_state_dict(reader)));
        }
    }
}
