using TorchSharp.Modules;
using TorchSharp.Tests.Support;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Training;

/// <summary>Each optimizer in its settings beside PyTorch's, in float64 on a two-layer net; and its state saved and loaded.</summary>
public sealed class OptimizerTests
{
    private const int Steps = 20;
    private static readonly SafetensorsFile _fixtures = SafetensorsFile.Open("training.safetensors");

    private static readonly Dictionary<string, Func<IEnumerable<Parameter>, OptimizerHelper>> _makers = new(StringComparer.Ordinal)
    {
        ["sgd"] = p => optim.SGD(p, 0.05),
        ["sgd_nesterov"] = p => optim.SGD(p, 0.05, momentum: 0.9, weight_decay: 0.01, nesterov: true),
        ["sgd_dampening"] = p => optim.SGD(p, 0.05, momentum: 0.8, dampening: 0.3),
        ["adam"] = p => optim.Adam(p, 0.02, 0.8, 0.95, 1e-6, 0.01),
        ["adam_amsgrad"] = p => optim.Adam(p, 0.05, amsgrad: true),
        ["adamw"] = p => optim.AdamW(p, 0.02, 0.8, 0.95, 1e-6, 0.1),
        ["adamw_amsgrad"] = p => optim.AdamW(p, 0.05, weight_decay: 0.1, amsgrad: true),
    };

    public static TheoryData<string> Names() => [.. _makers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_TwentyTimes_FollowsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var (w1, w2) = Weights();
        using var optimizer = _makers[name]([w1, w2]);
        var losses = Enumerable.Range(0, Steps).Select(_ => Step(optimizer, w1, w2)).ToArray();
        Assert.Equal(_fixtures.Doubles($"small.{name}/losses"), losses, (expected, actual) => Math.Abs(expected - actual) <= 1e-10 * expected);
        Assert.InRange(Closeness.Error("w1", _fixtures.Get($"small.{name}/w1"), w1), 0, 1e-10);
        Assert.InRange(Closeness.Error("w2", _fixtures.Get($"small.{name}/w2"), w2), 0, 1e-10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SaveStateDict_LoadedMidWay_ContinuesBitForBit(string name)
    {
        using var scope = NewDisposeScope();
        var (w1, w2) = Weights();
        using var optimizer = _makers[name]([w1, w2]);
        Continue(optimizer, w1, w2, 7);

        var (v1, v2) = (Parameter(w1.detach().clone()), Parameter(w2.detach().clone()));
        using var resumed = _makers[name]([v1, v2]);
        using var reader = new BinaryReader(new MemoryStream(State(optimizer)));
        resumed.load_state_dict(reader);

        Assert.Equal(Continue(optimizer, w1, w2, 9), Continue(resumed, v1, v2, 9));
        Assert.Equal(w1.bytes.ToArray(), v1.bytes.ToArray());
        Assert.Equal(w2.bytes.ToArray(), v2.bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LoadStateDict_FileCutShort_SaysSoAndChangesNothing(string name)
    {
        using var scope = NewDisposeScope();
        var (w1, w2) = Weights();
        using var optimizer = _makers[name]([w1, w2]);
        Continue(optimizer, w1, w2, 7);
        var whole = State(optimizer);

        var (v1, v2) = Weights();
        using var other = _makers[name]([v1, v2]);
        Continue(other, v1, v2, 2);
        var before = State(other);
        using var reader = new BinaryReader(new MemoryStream(whole[..^1]));

        var error = Assert.Throws<InvalidDataException>(() => other.load_state_dict(reader));
        Assert.Contains("ends too early", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, State(other));
    }

    [Fact]
    public void LoadStateDict_OfParametersOfAnotherSize_NamesBothSizes()
    {
        using var scope = NewDisposeScope();
        using var optimizer = optim.AdamW([Parameter(ones(3))]);
        using var other = optim.AdamW([Parameter(ones(4))]);
        using var reader = new BinaryReader(new MemoryStream(State(other)));

        var error = Assert.Throws<InvalidDataException>(() => optimizer.load_state_dict(reader));
        Assert.Contains("number of elements is 4, expected 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaveStateDict_OfATransformersTwoGroups_ContinuesBitForBit()
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("das-optimizer-");
        try
        {
            using var model = TransformerTrainingTests.Stored();
            using var optimizer = TransformerTrainingTests.Groups(model);
            Run(model, optimizer, 0, 5);
            optimizer.save_state_dict(Path.Combine(folder.FullName, "optimizer"));

            using var copy = new SmallTransformer();
            using var resumed = TransformerTrainingTests.Groups(copy);
            copy.load_state_dict(model.state_dict());
            resumed.load_state_dict(Path.Combine(folder.FullName, "optimizer"));
            Assert.Equal(Run(model, optimizer, 5, 10), Run(copy, resumed, 5, 10));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Maximize_OnAPositiveLoss_ClimbsInsteadOfDescending()
    {
        using var scope = NewDisposeScope();
        var (w1, w2) = Weights();
        using var optimizer = optim.SGD([w1, w2], 0.01, maximize: true);
        Assert.True(Step(optimizer, w1, w2) < Step(optimizer, w1, w2));
    }

    [Fact]
    public void Step_WithClosure_EvaluatesAndReturnsItsLoss()
    {
        using var scope = NewDisposeScope();
        var (w1, w2) = Weights();
        using var optimizer = optim.SGD([w1, w2], 0.05);
        var calls = 0;
        using var loss = optimizer.step(() =>
        {
            calls++;
            optimizer.zero_grad();
            var value = Loss(w1, w2);
            value.backward();
            return value;
        });
        Assert.Equal(1, calls);
        Assert.Equal(_fixtures.Doubles("small.sgd/losses")[0], loss!.item<double>(), 1e-12);
    }

    [Fact]
    public void ZeroGrad_BetweenBackwards_StartsFromNothing()
    {
        using var scope = NewDisposeScope();
        var w = Parameter(ones(2));
        using var optimizer = optim.SGD([w], 1.0);
        (3 * w).sum().backward();
        optimizer.zero_grad();
        (2 * w).sum().backward();
        optimizer.step();
        Assert.Equal([-1f, -1f], w.data<float>().ToArray());
    }

    [Fact]
    public void AddParamGroup_WithItsOwnRate_MovesByIt()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Parameter(ones(1)), Parameter(ones(1)));
        using var optimizer = optim.SGD([a], 0.5);
        optimizer.add_param_group(new SGD.ParamGroup([b], lr: 0.25));
        (a + b).backward();
        optimizer.step();
        Assert.Equal((0.5f, 0.75f), (a.item<float>(), b.item<float>()));
        Assert.Equal([0.5, 0.25], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal(2, optimizer.parameters().Count());
    }

    private static byte[] State(OptimizerHelper optimizer)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        optimizer.save_state_dict(writer);
        return stream.ToArray();
    }

    private static (Parameter W1, Parameter W2) Weights() => (Parameter(_fixtures.Tensor("small/w1")), Parameter(_fixtures.Tensor("small/w2")));

    private static Tensor Loss(Parameter w1, Parameter w2) =>
        functional.mse_loss(_fixtures.Tensor("small/x").matmul(w1).tanh().matmul(w2), _fixtures.Tensor("small/y"));

    private static double Step(optim.Optimizer optimizer, Parameter w1, Parameter w2)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = Loss(w1, w2);
        loss.backward();
        optimizer.step();
        return loss.item<double>();
    }

    private static double[] Continue(optim.Optimizer optimizer, Parameter w1, Parameter w2, int steps) =>
        [.. Enumerable.Range(0, steps).Select(_ => Step(optimizer, w1, w2))];

    private static float[] Run(SmallTransformer model, optim.Optimizer optimizer, int from, int to) =>
        [.. Enumerable.Range(from, to - from).Select(step => TransformerTrainingTests.Step(model, optimizer, step).Loss)];
}
