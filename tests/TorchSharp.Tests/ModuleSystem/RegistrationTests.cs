using TorchSharp.Modules;
using TorchSharp.Tests.Support;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.ModuleSystem;

/// <summary>What a module finds in its fields, and under which names.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void RegisterComponents_OnFields_NamesParametersModulesAndBuffers()
    {
        using var net = new Net();
        SameNames(["scale", "first.weight", "first.bias", "inner.only", "second.weight"], net.named_parameters().Select(pair => pair.Item1));
        SameNames(["first", "inner", "second", "dropout"], net.named_children().Select(pair => pair.Item1));
        Assert.True(net.has_buffer("running"));
        Assert.False(net.has_buffer("scale"));
        Assert.True(net.has_parameter("first.weight"));
        Assert.False(net.has_parameter("first.nothing"));
        Assert.Equal<long>([3], net.get_parameter("inner.only")!.shape);
        Assert.Equal<long>([2], net.get_buffer("running")!.shape);
    }

    [Fact]
    public void NamedParameters_WithoutRecursion_AreTheModulesOwn()
    {
        using var net = new Net();
        Assert.Equal(["scale"], net.named_parameters(recurse: false).Select(pair => pair.Item1));
        Assert.Single(net.parameters(recurse: false));
        Assert.Equal(5, net.parameters().Count());
    }

    [Fact]
    public void NamedParameters_OfALinearChain_ComeInOrderOfDeclaration()
    {
        using var chain = Sequential(("up", Linear(2, 3)), ("act", GELU()), ("down", Linear(3, 2, hasBias: false)));
        Assert.Equal(["up.weight", "up.bias", "down.weight"], chain.named_parameters().Select(pair => pair.Item1));
        Assert.Equal(["up", "act", "down"], chain.named_children().Select(pair => pair.Item1));
        Assert.Equal(["up.weight", "up.bias", "down.weight"], chain.state_dict().Keys);
    }

    [Fact]
    public void NamedModules_OfANet_NameDescendantsByPath()
    {
        using var net = new Outer();
        var names = net.named_modules().Select(pair => pair.Item1).ToArray();
        Assert.Contains("net", names);
        Assert.Contains("net.inner", names);
        Assert.Contains("net.first", names);
        Assert.Contains("net.inner.only", net.named_parameters().Select(pair => pair.Item1));
        Assert.Equal(names.Length, net.modules().Count());
        Assert.Single(net.children());
    }

    [Fact]
    public void Containers_NameTheirParts_ByPositionOrKey()
    {
        using var list = ModuleList(Linear(1, 1, hasBias: false), Linear(1, 1, hasBias: false));
        using var dict = ModuleDict(("left", Linear(1, 1)), ("right", Linear(1, 1, hasBias: false)));
        using var plain = Sequential(Linear(1, 1, hasBias: false), ReLU(), Linear(1, 1, hasBias: false));
        Assert.Equal(["0.weight", "1.weight"], list.named_parameters().Select(pair => pair.Item1));
        Assert.Equal(["left.weight", "left.bias", "right.weight"], dict.named_parameters().Select(pair => pair.Item1));
        Assert.Equal(["0.weight", "2.weight"], plain.named_parameters().Select(pair => pair.Item1));
    }

    [Fact]
    public void ModuleList_AsAList_AddsInsertsReplacesAndRemoves()
    {
        using var list = ModuleList<Linear>(Linear(1, 1));
        list.append(Linear(2, 2));
        list.Add(Linear(3, 3));
        list.Insert(0, Linear(4, 4));
        list.extend([Linear(5, 5)]);
        Assert.Equal([4L, 1L, 2L, 3L, 5L], list.Select(part => part.weight.shape[0]));
        list.RemoveAt(1);
        list[0] = Linear(6, 6);
        Assert.True(list.Remove(list[1]));
        Assert.Equal([6L, 3L, 5L], list.Select(part => part.weight.shape[0]));
        Assert.Equal((3, 1), (list.Count, list.IndexOf(list[1])));
        Assert.Contains(list[2], list);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[7]);
        list.Clear();
        Assert.Empty(list.parameters());
    }

    [Fact]
    public void ModuleDict_AsADictionary_FindsAddsAndRemoves()
    {
        using var dict = ModuleDict<Linear>(("a", Linear(1, 1)));
        dict.Add("b", Linear(2, 2));
        Assert.Equal(["a", "b"], dict.keys());
        Assert.Equal(2, dict["b"].weight.shape[0]);
        Assert.True(dict.TryGetValue("a", out var found));
        Assert.Equal(1, found.weight.shape[0]);
        Assert.False(dict.TryGetValue("c", out _));
        Assert.True(dict.Remove("a"));
        Assert.False(dict.ContainsKey("a"));
        Assert.Single(dict.values());
        Assert.Throws<KeyNotFoundException>(() => dict["a"]);
        dict.clear();
        Assert.Empty(dict.keys());
        Assert.Empty(dict.named_parameters());
    }

    [Fact]
    public void Sequential_ByIndexAndRange_GivesItsParts()
    {
        using var scope = NewDisposeScope();
        using var chain = Sequential(Linear(1, 2), ReLU(), Linear(2, 3));
        Assert.Equal(3, chain.Count);
        Assert.Equal(3, ((Linear)chain[2]).weight.shape[0]);
        Assert.Equal(2, chain[1..].Count);
    }

    [Fact]
    public void StateDict_OfANet_HasParametersAndBuffersUnderFullNames()
    {
        using var net = new Outer();
        SameNames(
            ["net.scale", "net.running", "net.first.weight", "net.first.bias", "net.inner.only", "net.second.weight"],
            net.state_dict().Keys);
    }

    [Fact]
    public void RegisterModule_WithADottedName_IsRefused()
    {
        using var net = new Net();
        using var part = Linear(1, 1);
        Assert.Contains(".", Refusals.Of(() => net.register_module("a.b", part)).Message, StringComparison.Ordinal);
        Assert.Contains(".", Refusals.Of(() => net.add_module("a.b", part)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_UnderATakenName_IsRefusedByThatName()
    {
        using var net = new Net();
        using var part = Linear(1, 1);
        using var parameter = Parameter(ones(1));
        Assert.Contains("first", Refusals.Of(() => net.register_module("first", part)).Message, StringComparison.Ordinal);
        Assert.Contains("scale", Refusals.Of(() => net.register_parameter("scale", parameter)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddModule_UnderANewName_IsSeenByParameters()
    {
        using var net = new Net();
        net.add_module("late", Linear(1, 1, hasBias: false));
        net.register_parameter("free", Parameter(ones(1)));
        Assert.Contains("late.weight", net.named_parameters().Select(pair => pair.Item1));
        Assert.Contains("free", net.named_parameters().Select(pair => pair.Item1));
    }

    [Fact]
    public void SettingAParameter_OfALinear_ReplacesTheRegisteredOne()
    {
        using var layer = Linear(2, 2);
        layer.weight = Parameter(full(2, 2, 3.0));
        Assert.Equal(3f, layer.get_parameter("weight")![0, 0].item<float>());
        Assert.Equal(["weight", "bias"], layer.named_parameters().Select(pair => pair.Item1));
    }

    [Fact]
    public void Dispose_OfANet_DisposesItsParametersAndBuffers()
    {
        var before = LiveTensors.Settled();
        var net = new Outer();
        var tensors = net.state_dict().Values.ToArray();
        net.Dispose();
        Assert.All(tensors, tensor => Assert.True(tensor.IsInvalid));
        Assert.Equal(before, LiveTensors.Settled());
    }

    /// <summary>Reflection promises no order between kinds of fields: names are compared as sets.</summary>
    private static void SameNames(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));

#pragma warning disable CS0414, IDE0052, IDE1006, CA1823 // Fields are read by reflection, and their names are what is tested.
    private sealed class Net : Module<Tensor, Tensor>
    {
        private readonly Parameter scale = Parameter(ones(2));
        private readonly Linear first = Linear(2, 2);
        private readonly Inner inner = new();
        private readonly Module<Tensor, Tensor> second = Linear(2, 2, hasBias: false);
        private readonly Dropout dropout = Dropout();
        private readonly Tensor running = zeros(2);
        private readonly int unrelated = 3;

        public Net()
            : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input) => second.call(dropout.call(first.call(input)) * scale);
    }

    private sealed class Inner : Module<Tensor, Tensor>
    {
        private readonly Parameter only = Parameter(ones(3));

        public Inner()
            : base(nameof(Inner)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input;
    }

    private sealed class Outer : Module<Tensor, Tensor>
    {
        private readonly Net net = new();

        public Outer()
            : base(nameof(Outer)) => RegisterComponents();

        public override Tensor forward(Tensor input) => net.call(input);
    }
#pragma warning restore CS0414, IDE0052, IDE1006, CA1823
}
