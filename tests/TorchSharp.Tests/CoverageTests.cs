using System.Reflection;
using TorchSharp.Tests.Cases;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>No operation goes without numbers: each is named by a case, or left out for a reason given here.</summary>
public sealed class CoverageTests
{
    private static readonly Dictionary<string, string> _elsewhere = new[]
    {
        ("Scopes and lifetime: DisposeScopeTests, BadInput", "Dispose DetachFromDisposeScope MoveToOuterDisposeScope "
            + "torch.NewDisposeScope torch.WrappedTensorDisposeScope"),
        ("Facts about a tensor: TensorFactsTests", "size stride dim numel element_size storage_offset is_contiguous is_cpu is_nonzero "
            + "is_floating_point is_integral torch.numel torch.is_nonzero torch.is_floating_point torch.is_integral "
            + "torch.is_tensor torch.can_cast torch.promote_types torch.result_type torch.finfo Equals GetHashCode allclose torch.allclose"),
        ("Elements and text: ConversionTests", "item data ToScalar ToString torch.tensor torch.from_array"),
        ("Factories: FactoryTests", "torch.zeros torch.ones torch.empty torch.full torch.eye torch.arange torch.linspace "
            + "torch.zeros_like torch.ones_like torch.empty_like torch.full_like"),
        ("Draws: Random", "torch.rand torch.randn torch.randint torch.randperm torch.rand_like torch.randn_like torch.normal torch.bernoulli "
            + "torch.multinomial torch.manual_seed torch.seed torch.initial_seed torch.get_rng_state torch.set_rng_state bernoulli bernoulli_ "
            + "multinomial normal_ uniform_ random_ exponential_"),
        ("Autograd: AutogradTests", "backward retain_grad torch.no_grad torch.enable_grad torch.set_grad_enabled torch.inference_mode "
            + "torch.is_grad_enabled torch.is_inference_mode_enabled"),
        ("Device, threads and defaults: RuntimeTests", "torch.device torch.cuda_is_available torch.InitializeDevice torch.InitializeDeviceType "
            + "torch.TryInitializeDeviceType torch.CheckForErrors torch.get_num_threads torch.set_num_threads torch.get_num_interop_threads "
            + "torch.set_num_interop_threads torch.get_default_dtype torch.set_default_dtype"),
        ("Containers and parameters: Modules", "nn.Parameter"),
    }.SelectMany(group => group.Item2.Split(' ').Select(name => (Name: name, Reason: group.Item1)))
        .ToDictionary(pair => pair.Name, pair => pair.Reason, StringComparer.Ordinal);

    public static TheoryData<Type, string> Rooms() => new()
    {
        { typeof(Tensor), "" },
        { typeof(torch), "torch." },
        { typeof(nn), "nn." },
        { typeof(nn.functional), "functional." },
        { typeof(linalg), "linalg." },
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Operations_OfTheSurface_AreNamedByACaseOrElsewhere(Type room, string prefix)
    {
        var named = AllCases.ByName.Values.SelectMany(@case => @case.Spellings).Select(spelling => spelling.Name.Split('(')[0]).ToHashSet(StringComparer.Ordinal);
        var missing = Operations(room).Select(name => prefix + name).Where(name => !named.Contains(name) && !_elsewhere.ContainsKey(name));
        Assert.Empty(missing);
    }

    [Fact]
    public void Exclusions_NameOperationsThatExist()
    {
        var known = Rooms().SelectMany(row => Operations((Type)row[0]).Select(name => (string)row[1] + name)).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(_elsewhere.Keys.Except(known));
    }

    [Fact]
    public void Spellings_ThatNameAnOperation_NameOneThatExists()
    {
        var known = Rooms().SelectMany(row => Operations((Type)row[0]).Select(name => (string)row[1] + name)).ToHashSet(StringComparer.Ordinal);
        string[] properties = ["T", "mT", "TensorItems"];
        var unknown = AllCases.ByName.Values.SelectMany(@case => @case.Spellings).Select(spelling => spelling.Name.Split('(')[0])
            .Where(name => !known.Contains(name) && !properties.Contains(name));
        Assert.Empty(unknown.Distinct());
    }

    /// <summary>Public methods that the room declares, accessors and implicit conversions apart.</summary>
    private static IEnumerable<string> Operations(Type room) =>
        room.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
            .Select(method => method.Name)
            .Where(name => name is not ("op_Implicit" or "op_Explicit") && !name.Contains('<', StringComparison.Ordinal))
            .Distinct();
}
