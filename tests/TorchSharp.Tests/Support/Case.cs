using static TorchSharp.torch;

namespace TorchSharp.Tests.Support;

/// <summary>One way to write an operation.</summary>
/// <param name="Name">The member it calls, as the coverage test counts it: "add" of Tensor, "torch.add", "functional.linear",
/// "linalg.svd", "nn.Linear" or "op_Addition"; what follows an opening bracket tells overloads apart.</param>
/// <param name="Run">Inputs to outputs. It may put another leaf (a module's parameter) in an input's place: gradients are read there.</param>
internal sealed record Spelling(string Name, Func<Tensor[], Tensor[]> Run);

/// <summary>One case of the fixtures and every way to write it: all of them must give PyTorch's numbers.</summary>
internal sealed record Case(string Name, IReadOnlyList<Spelling> Spellings)
{
    /// <summary>A case whose spellings take the input array and return every output.</summary>
    public static Case Raw(string name, params (string Name, Func<Tensor[], Tensor[]> Run)[] ways) =>
        new(name, [.. ways.Select(way => new Spelling(way.Name, way.Run))]);

    public static Case One(string name, params (string Name, Func<Tensor, Tensor> Run)[] ways) =>
        new(name, [.. ways.Select(way => new Spelling(way.Name, a => [way.Run(a[0])]))]);

    public static Case Two(string name, params (string Name, Func<Tensor, Tensor, Tensor> Run)[] ways) =>
        new(name, [.. ways.Select(way => new Spelling(way.Name, a => [way.Run(a[0], a[1])]))]);

    public static Case Three(string name, params (string Name, Func<Tensor, Tensor, Tensor, Tensor> Run)[] ways) =>
        new(name, [.. ways.Select(way => new Spelling(way.Name, a => [way.Run(a[0], a[1], a[2])]))]);

    /// <summary>An operation of one tensor with two outputs.</summary>
    public static Case Pair(string name, params (string Name, Func<Tensor, (Tensor, Tensor)> Run)[] ways) =>
        new(name, [.. ways.Select(way => new Spelling(way.Name, a => Both(way.Run(a[0]))))]);

    /// <summary>The four forms of an element-wise operation: of Tensor and of torch, each new and in place (on a copy).</summary>
    public static Case Unary(
        string name, Func<Tensor, Tensor> method, Func<Tensor, Tensor> form, Func<Tensor, Tensor> inPlace, Func<Tensor, Tensor> formInPlace) =>
        One(name, (name, method), ("torch." + name, form), (name + "_", x => inPlace(x.clone())), ("torch." + name + "_", x => formInPlace(x.clone())));

    private static Tensor[] Both((Tensor, Tensor) pair) => [pair.Item1, pair.Item2];
}
