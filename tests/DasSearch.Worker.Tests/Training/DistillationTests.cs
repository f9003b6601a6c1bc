using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using DasSearch.Worker.Distillation;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Training;

/// <summary>A planned network that learns from a whole one: the loss to the letter, nothing else changed, and resumed bit for bit.</summary>
public sealed class DistillationTests : IDisposable
{
    private static readonly Subnetwork _skipped = new(TinySearch.Layers, [1, 3]);
    private static readonly Subnetwork _whole = Subnetwork.Whole(TinySearch.Layers);
    private static readonly DistillationConfig _taught = new() { Teacher = "full.json" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-teach-");
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SmallTask _task = new("fashionvl-vqa");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(DistilledBoundaries.Kept, 1.75)] // (1 + 4) / 2 of the first sample, 1 of the second
    [InlineData(DistilledBoundaries.All, 5.375)] // and 9 of the other module
    public void Distance_IsTheMeanOverModulesSamplesAndValidTokens(DistilledBoundaries boundaries, double expected)
    {
        // Two modules of one pass: [2 samples, 2 tokens, width 2]; the last token of the second sample is padding.
        var mask = tensor(new[] { true, true, true, false }, [2, 2]);
        var teacher = zeros(2, 2, 2);
        var first = tensor(new float[] { 1, -1, 2, 2, 1, 1, 100, 100 }, [2, 2, 2]);
        var second = tensor(new float[] { 3, 3, 3, 3, 3, 3, 100, 100 }, [2, 2, 2]);
        ModuleOutput[] own = [new(first, mask), new(second, mask)];
        ModuleOutput[] other = [new(teacher, mask), new(teacher, mask)];

        Assert.Equal(expected, Teacher.Distance([own], [other], boundaries, new Subnetwork(2, [1])).item<float>(), 1e-5);
    }

    [Theory]
    [InlineData("fashionvl-vqa")]
    [InlineData("fashionvl-nlvr2")]
    [InlineData("fashionvl-retrieval")]
    public void Teach_OnARealBatch_IsWhatTheStatesSay(string taskName)
    {
        var task = new SmallTask(taskName);
        using var teacher = Build(task, "full", _whole);
        using var student = Build(task, "das", _skipped);
        student.Train(false);
        teacher.Train(false);
        using var batch = task.Batch(Split.Train, 0, 0, 5);
        var (own, other) = (student.Trace(batch, _skipped), teacher.Trace(batch, _whole));
        var distances = own.Passes.Zip(other.Passes).SelectMany(static pass => new[] { 0, 2 }.Select(module => ByHand(pass.First[module], pass.Second[module])));
        var logits = (student.Logits(batch, _skipped) - teacher.Logits(batch, _whole)).data<float>().ToArray();

        var features = Lesson(new() { Teacher = "full.json", Alpha = 0.5 });
        var both = Lesson(new() { Teacher = "full.json", Alpha = 0.5, Beta = 2 });
        Assert.Equal(0.5 * distances.Average(), features.Distance.item<float>(), 1e-5);
        Assert.Equal(
            (0.5 * distances.Average()) + (2 * logits.Average(static difference => (double)difference * difference)), both.Distance.item<float>(), 1e-4);
        Assert.True(features.Logits.allclose(student.Logits(batch, _skipped), 1e-5, 1e-6));
        both.Distance.backward();
        Assert.All(teacher.Trained, parameter => Assert.Null(parameter.Parameter.grad));

        Lesson Lesson(DistillationConfig config) => new Teacher(config, teacher, _whole).Teach(student, _skipped, batch);
    }

    [Fact]
    public void Run_WithATeacher_RecordsItsPartOfTheLoss_AndBringsTheStudentNearer()
    {
        using var teacher = Build(_task, "full", _whole);
        var before = teacher.TrainedState().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        using var student = Build(_task, "das", _skipped);
        var curve = Train(student, "taught", _taught with { Alpha = 10 }, teacher, epochs: 12);

        var parts = curve.Where(metric => metric.Name == "train.distillation").ToList();
        var losses = curve.Where(metric => metric.Name == "train.loss").ToList();
        Assert.Equal(losses.Select(metric => metric.Step), parts.Select(metric => metric.Step));
        Assert.All(losses.Zip(parts), pair => Assert.True(pair.Second.Value > 0 && pair.First.Value > pair.Second.Value));
        Assert.True(parts[^1].Value < 0.8 * parts[0].Value, $"{parts[0].Value} to {parts[^1].Value}");
        Assert.All(teacher.TrainedState(), entry => Assert.Equal(before[entry.Key], entry.Value.bytes.ToArray()));
    }

    [Fact]
    public void Run_WithoutWeight_IsTheTrainingWithoutATeacher_BitForBit()
    {
        using var teacher = Build(_task, "full", _whole);
        using var alone = Build(_task, "das", _skipped);
        using var weightless = Build(_task, "das", _skipped);
        using var taught = Build(_task, "das", _skipped);
        var curve = Train(alone, "alone", new(), null);

        Assert.Equal(curve, Train(weightless, "weightless", _taught with { Alpha = 0 }, teacher));
        Assert.Equal(Bits(alone), Bits(weightless));
        Train(taught, "taught", _taught, teacher);
        Assert.NotEqual(Bits(alone), Bits(taught));
    }

    [Fact]
    public void Run_InterruptedAndResumed_GivesTheSameBits()
    {
        using var teacher = Build(_task, "full", _whole);
        using var whole = Build(_task, "das", _skipped);
        var curve = Train(whole, "whole", _taught, teacher);

        using var first = Build(_task, "das", _skipped);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => { Train(first, "parts", _taught, teacher, learnt: batch => { if (batch == 2) { cancellation.Cancel(); } }, cancellation: cancellation.Token); });
        using var second = Build(_task, "das", _skipped);
        Assert.Equal(curve, Train(second, "parts", _taught, teacher));
        Assert.Equal(Bits(whole), Bits(second));
    }

    [Fact]
    public void Run_WithATeacher_LeavesNoMoreTensorsThanWithout()
    {
        using var teacher = Build(_task, "full", _whole);
        using var student = Build(_task, "das", _skipped);
        _ = LeftBy("first", _taught, teacher);
        Assert.Equal(LeftBy("alone", new(), null), LeftBy("taught", _taught, teacher));

        long LeftBy(string state, DistillationConfig config, TransferNetwork? from)
        {
            var before = LiveTensors.Count();
            Train(student, state, config, from, epochs: 3);
            return LiveTensors.Count() - before;
        }
    }

    [Fact]
    public void CheckAgainst_AnotherBackbone_OrNothingKept_SaysSo()
    {
        using var teacher = Build(_task, "full", _whole);
        using var narrow = Build(_task, "full", _whole, width: 8);
        using var student = Build(_task, "das", _skipped);

        var error = Assert.Throws<DasSearchException>(() => new Teacher(_taught, narrow, _whole).CheckAgainst(student, _skipped));
        Assert.Equal("the teacher is 8 wide, but the plan's network is 16", error.Message);
        using var coarse = Build(_task, "full", _whole, patch: 14);
        var longer = Assert.Throws<DasSearchException>(() => new Teacher(_taught, coarse, _whole).CheckAgainst(student, _skipped));
        Assert.Matches("^the teacher's layers work on [0-9]+ tokens, but those of the plan's network on [0-9]+: their features cannot be compared, so distillation.alpha must be 0$", longer.Message);
        new Teacher(_taught with { Alpha = 0, Beta = 1 }, coarse, _whole).CheckAgainst(student, _skipped);
        var nothing = new Subnetwork(TinySearch.Layers, [0, 1, 2, 3]);
        var empty = Assert.Throws<ConfigException>(() => new Teacher(_taught, teacher, _whole).CheckAgainst(student, nothing));
        Assert.Equal("distillation.boundaries must be all where the plan keeps no module, not kept", empty.Message);
        new Teacher(_taught with { Boundaries = DistilledBoundaries.All }, teacher, _whole).CheckAgainst(student, nothing);
    }

    private static double ByHand(ModuleOutput own, ModuleOutput other)
    {
        var (a, b, mask) = (own.Stream.data<float>().ToArray(), other.Stream.data<float>().ToArray(), own.Mask.data<bool>().ToArray());
        var (samples, tokens, width) = ((int)own.Stream.size(0), (int)own.Stream.size(1), (int)own.Stream.size(2));
        return Enumerable.Range(0, samples).Average(sample =>
            Enumerable.Range(0, tokens).Where(token => mask[(sample * tokens) + token]).SelectMany(token =>
                Enumerable.Range(((sample * tokens) + token) * width, width)).Average(i => ((double)a[i] - b[i]) * ((double)a[i] - b[i])));
    }

    private static TransferNetwork Build(SmallTask task, string method, Subnetwork skipped, int width = 16, int patch = 28)
    {
        var config = TinySearch.Config with { Model = TinySearch.Config.Model with { Width = width, PatchSize = patch } };
        var request = TinySearch.Request(config, task);
        var parts = request.Backbone.Describe(new BackboneRequest { Input = TransferNetwork.ShapeOf(task.Facts), Sizes = config.Model }).Parts;
        return TransferNetwork.Build(request with
        {
            Method = TransferTable.BuiltIn.Named(method),
            Transfer = new TransferSettings().At(DasPlacement.Of(parts, skipped, config.Adapters)),
            Absent = skipped,
            Seed = method == "full" ? 4 : 3,
        });
    }

    private static Dictionary<string, string> Bits(TransferNetwork network) =>
        network.TrainedState().ToDictionary(entry => entry.Key, entry => Convert.ToHexString(entry.Value.bytes));

    private IReadOnlyList<Metric> Train(
        TransferNetwork network,
        string state,
        DistillationConfig distillation,
        TransferNetwork? teacher,
        int epochs = 2,
        Action<long>? learnt = null,
        CancellationToken cancellation = default)
    {
        var config = TinySearch.Config with { Training = new() { Epochs = epochs, BatchSize = 6, LearningRate = 1e-2 }, Distillation = distillation };
        return new PlanTraining(config, network, _skipped, _task, seed: 1, teacher is null ? null : new Teacher(distillation, teacher, _whole))
            .Run(new TrainingState(Path.Combine(_folder.FullName, state), "key", "training"), new Silent(learnt), cancellation);
    }

    private sealed class Silent(Action<long>? learnt) : ITrainingProgress
    {
        public void Started(long batches, int batchesPerEpoch, long first)
        {
        }

        public void Learnt(long batch, double loss) => learnt?.Invoke(batch);

        public void Finished(int epoch, TaskScore score)
        {
        }

        public void Began(string what)
        {
        }
    }
}
