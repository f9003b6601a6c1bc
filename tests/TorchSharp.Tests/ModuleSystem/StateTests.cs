using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.ModuleSystem;

/// <summary>Loading weights, train and eval, apply and hooks.</summary>
public sealed class StateTests
{
    [Fact]
    public void LoadStateDict_OfEqualKeys_CopiesTheValues()
    {
        using var scope = NewDisposeScope();
        using var from = Chain();
        using var to = Chain();
        var (missing, unexpected) = to.load_state_dict(from.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        foreach (var (name, value) in from.state_dict())
        {
            Assert.True(value.allclose(to.state_dict()[name], 0, 0), name);
            Assert.NotSame(value, to.state_dict()[name]);
        }
    }

    [Fact]
    public void LoadStateDict_Strict_RefusesMissingAndUnexpectedKeys()
    {
        using var scope = NewDisposeScope();
        using var chain = Chain();
        var extra = new Dictionary<string, Tensor>(chain.state_dict()) { ["more"] = ones(1) };
        var fewer = new Dictionary<string, Tensor>(chain.state_dict());
        fewer.Remove("0.bias");
        Refusals.Of(() => chain.load_state_dict(extra));
        Refusals.Of(() => chain.load_state_dict(fewer));
    }

    [Fact]
    public void LoadStateDict_NotStrict_ReportsMissingAndUnexpectedKeysAndLoadsTheRest()
    {
        using var scope = NewDisposeScope();
        using var chain = Chain();
        var source = new Dictionary<string, Tensor> { ["0.weight"] = full(3, 2, 7.0), ["more"] = ones(1) };
        var (missing, unexpected) = chain.load_state_dict(source, strict: false);
        Assert.Equal(["0.bias", "2.weight", "2.bias"], missing);
        Assert.Equal(["more"], unexpected);
        Assert.Equal(7f, chain.state_dict()["0.weight"][0, 0].item<float>());
    }

    [Fact]
    public void LoadStateDict_WithSkip_LeavesThoseAlone()
    {
        using var scope = NewDisposeScope();
        using var chain = Chain();
        var before = chain.state_dict()["0.weight"].clone();
        var source = chain.state_dict().ToDictionary(pair => pair.Key, pair => zeros_like(pair.Value));
        chain.load_state_dict(source, skip: ["0.weight"]);
        Assert.True(before.allclose(chain.state_dict()["0.weight"]));
        Assert.Equal(0f, chain.state_dict()["2.weight"].abs().sum().item<float>());
    }

    [Fact]
    public void LoadStateDict_OfAnotherShape_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var chain = Chain();
        var source = new Dictionary<string, Tensor>(chain.state_dict()) { ["0.weight"] = ones(5, 5) };
        Assert.Contains("5", Refusals.Of(() => chain.load_state_dict(source)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TrainAndEval_ReachChildren_AndSwitchDropout()
    {
        using var scope = NewDisposeScope();
        using var net = Sequential(Linear(4, 64), Sequential(Dropout(0.5)));
        var x = ones(2, 4);
        Assert.True(net.training);
        Assert.All(net.modules(), part => Assert.True(part.training));
        Assert.NotEqual(0, (net.call(x) == 0).sum().item<long>());
        net.eval();
        Assert.All(net.modules(), part => Assert.False(part.training));
        Assert.Equal(0, (net.call(x) == 0).sum().item<long>());
        Assert.True(net.call(x).allclose(net.call(x)));
        net.train();
        Assert.All(net.modules(), part => Assert.True(part.training));
        net.train(false);
        Assert.False(net.training);
    }

    [Fact]
    public void Apply_OnANest_VisitsEveryModuleOnce()
    {
        using var net = Sequential(Linear(1, 1), Sequential(Linear(1, 1), ReLU()));
        var seen = new List<Module>();
        Assert.Same(net, net.apply(seen.Add));
        Assert.Equal(5, seen.Count);
        Assert.Equal(5, seen.Distinct().Count());
        Assert.Contains(net, seen);
    }

    [Fact]
    public void ForwardHooks_WhileRegistered_SeeAndReplaceInputAndOutput()
    {
        using var scope = NewDisposeScope();
        using var identity = Identity();
        var order = new List<string>();
        var before = identity.register_forward_pre_hook((module, input) =>
        {
            order.Add("pre");
            return input + 1;
        });
        var after = identity.register_forward_hook((module, input, output) =>
        {
            order.Add("post");
            return output * input;
        });
        Assert.Equal(4f, identity.call(ones(1)).item<float>());
        Assert.Equal(["pre", "post"], order);
        before.remove();
        Assert.Equal(1f, identity.call(ones(1)).item<float>());
        after.remove();
        Assert.Equal(3f, identity.call(full(1, 3.0)).item<float>());
        Assert.Equal(3, order.Count);
    }

    [Fact]
    public void Forward_CalledDirectly_SkipsHooks()
    {
        using var scope = NewDisposeScope();
        using var identity = Identity();
        identity.register_forward_hook((module, input, output) => output + 1);
        Assert.Equal(1f, identity.forward(ones(1)).item<float>());
    }

    [Fact]
    public void GetName_OfModules_IsTheirTypes()
    {
        using var linear = Linear(1, 1);
        using var tanh = Tanh();
        Assert.Equal("Linear", linear.GetName());
        Assert.Equal("Tanh", tanh.GetName());
    }

    [Fact]
    public void ModulesOfSeveralInputs_PassThemOn()
    {
        using var scope = NewDisposeScope();
        using var sum = new Sum3();
        Assert.Equal(6f, sum.call(ones(1), full(1, 2.0), full(1, 3.0)).item<float>());
    }

    [Fact]
    public void ClipGrad_ByNormAndValue_BoundsTheStep()
    {
        using var scope = NewDisposeScope();
        var weight = Parameter(zeros(2));
        using var optimizer = optim.SGD([weight], 1.0);
        (weight * tensor(new[] { 3f, 4f })).sum().backward();
        Assert.Equal(5.0, utils.clip_grad_norm_([weight], 1.0), 1e-6);
        optimizer.step();
        Assert.Equal([-0.6f, -0.8f], weight.data<float>().ToArray(), (expected, actual) => Math.Abs(expected - actual) < 1e-5);
        optimizer.zero_grad();
        (weight * tensor(new[] { 3f, -4f })).sum().backward();
        utils.clip_grad_value_([weight], 0.25);
        optimizer.step();
        Assert.Equal([-0.85f, -0.55f], weight.data<float>().ToArray(), (expected, actual) => Math.Abs(expected - actual) < 1e-5);
    }

    private static Sequential Chain() => Sequential(Linear(2, 3), ReLU(), Linear(3, 1));

    private sealed class Sum3() : Module<Tensor, Tensor, Tensor, Tensor>(nameof(Sum3))
    {
        public override Tensor forward(Tensor input1, Tensor input2, Tensor input3) => input1 + input2 + input3;
    }
}
