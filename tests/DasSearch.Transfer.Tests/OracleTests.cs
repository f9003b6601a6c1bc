using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Transfer.Tests;

/// <summary>Every method against an independent implementation in PyTorch: what it made is kept in Fixtures, and where PyTorch is installed it is asked anew.</summary>
public sealed class OracleTests(OracleProcess oracle) : IClassFixture<OracleProcess>
{
    private static readonly string _fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    // What is scored and compressed there is no network of a method; the mean over tokens that are there is no part of das.
    private static readonly string[] _other = ["taylor", "pela", "pela-svd", "pela-losses", "pia-masked"];

    public static TheoryData<string> Cases => [.. Directory.GetFiles(_fixtures, "*.case.safetensors")
        .Select(static file => Path.GetFileName(file).Split('.')[0]).Except(_other).Where(static name => HasMethod(name.Split('-')[0])).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Methods => [.. TransferTable.BuiltIn.All.Select(static method => method.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pass_AndGradients_AreTheOracles(string name) =>
        Compare(Path.Combine(_fixtures, name + ".case.safetensors"), Path.Combine(_fixtures, name + ".out.safetensors"));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Merged_WhereThatIsExact_GivesTheSame(string name)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        using var one = new OracleCase(Path.Combine(_fixtures, name + ".case.safetensors"));
        if (!one.Attached.IsMergeable)
        {
            Assert.Throws<InvalidOperationException>(() => { one.RunMerged(FeatureKind.Tokens); });
            return;
        }

        var with = one.Run(FeatureKind.Tokens).Streams[0];
        AssertClose(with, one.RunMerged(FeatureKind.Tokens).Streams[0], "merged tokens");
    }

    /// <summary>At the width of ViLT-B/32, two blocks of it, with the method's parameters away from their start.</summary>
    [OracleTheory]
    [MemberData(nameof(Methods))]
    public void Pass_AtTheSizeOfViltB32_IsTheOracles(string method)
    {
        var folder = Directory.CreateTempSubdirectory("das-oracle-");
        try
        {
            var (made, computed) = (Path.Combine(folder.FullName, "case.safetensors"), Path.Combine(folder.FullName, "out.safetensors"));
            // Of the backbone's matrices once will do: they are most of the file, and every method's pass goes through them.
            string[] gradients = method == "full" ? [] : ["--own-gradients"];
            oracle.Run(
            [
                "--random", made, "--method", method, "--width", "768", "--layers", "2", "--heads", "12", "--tokens", "40", "--side", "96x64", "--patch", "32",
                "--grid", "12", "--batch", "2", "--seed", "7", "--vocabulary", "99", "--text-length", "40", "--ratio", "4", "--skip", "",
                "+", made, computed, "--double", .. gradients,
            ]);
            Compare(made, computed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // full.case serves the methods that have no parameters of their own.
    private static bool HasMethod(string name) => TransferTable.BuiltIn.All.Any(method => method.Name == name || method.Name.StartsWith(name + "-", StringComparison.Ordinal));

    private static void Compare(string made, string computed)
    {
        using var scope = NewDisposeScope();
        using var one = new OracleCase(made);
        var expected = CheckpointFile.Read(computed).Tensors;
        AssertClose(expected["tokens"], one.Run(FeatureKind.Tokens).Streams[0], "tokens");
        AssertClose(expected["summary"], one.Run(FeatureKind.Summary).Summary!, "summary");
        var gradients = one.Gradients();
        foreach (var (name, gradient) in expected.Where(static entry => entry.Key.StartsWith("grad.", StringComparison.Ordinal)))
        {
            // What stands at a skipped block is not there, and has no gradient.
            AssertClose(gradient, gradients.GetValueOrDefault(name["grad.".Length..]) ?? zeros_like(gradient), name);
        }

        Assert.All(one.Attached.Parameters.Keys, name => Assert.Contains("grad." + name, expected.Keys));
    }

    // Relative to the largest entry: single precision reaches no more. A single number's gradient is a sum over everything, whose terms cancel.
    private static void AssertClose(Tensor expected, Tensor actual, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        var exact = expected.to(ScalarType.Float64);
        var (difference, scale) = ((exact - actual).abs().max().item<double>(), Math.Max(exact.abs().max().item<double>(), exact.numel() == 1 ? 1 : 1e-3));
        Assert.True(difference <= 1e-5 * scale, $"{what}: differs by {difference} of {scale}");
    }
}

/// <summary>A theory that asks PyTorch.</summary>
public sealed class OracleTheoryAttribute : TheoryAttribute
{
    public OracleTheoryAttribute() => Skip = PyTorch.Missing;
}

/// <summary>One process of the oracle for all tests, begun when it is first asked: to import torch takes longer than most of what it is asked for.</summary>
public sealed class OracleProcess : IDisposable
{
    private readonly Lazy<PyTorchListener> _listener = new(static () => PyTorch.Listen(Path.Combine(AppContext.BaseDirectory, "oracle", "transfer_oracle.py")));

    internal void Run(IEnumerable<string> arguments) => _listener.Value.Run(arguments);

    public void Dispose()
    {
        if (_listener.IsValueCreated)
        {
            _listener.Value.Dispose();
        }
    }
}
