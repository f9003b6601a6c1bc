using System.Globalization;
using TorchSharp.Tests.Cases;
using TorchSharp.Tests.Support;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Results and gradients against PyTorch's, for every way to write every case, in both precisions.</summary>
public sealed class NumericTests(ITestOutputHelper output)
{
    private static readonly SafetensorsFile _fixtures = SafetensorsFile.Open("ops.safetensors");

    public static TheoryData<string, ScalarType> Names()
    {
        var data = new TheoryData<string, ScalarType>();
        foreach (var name in AllCases.ByName.Keys)
        {
            data.Add(name, ScalarType.Float32);
            data.Add(name, ScalarType.Float64);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_InEachSpelling_AgreesWithPyTorchAndLeaksNothing(string name, ScalarType type)
    {
        var before = LiveTensors.Settled();
        Assert.InRange(WorstError(AllCases.ByName[name], type), 0, Closeness.Allowed(type));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Fixtures_AndCases_NameEachOther()
    {
        var stored = _fixtures.Names.Select(name => name.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(AllCases.ByName.Keys.Except(stored));
        Assert.Empty(stored.Except(AllCases.ByName.Keys));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void WorstError_OverAllCases_IsReportedAndAllowed(ScalarType type)
    {
        var errors = AllCases.ByName.Values.Select(@case => (@case.Name, Error: WorstError(@case, type))).OrderByDescending(pair => pair.Error).ToArray();
        foreach (var (name, error) in errors.Take(5))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{type} {name}: {error:e2}"));
        }

        Assert.InRange(errors[0].Error, 0, Closeness.Allowed(type));
    }

    private static double WorstError(Case @case, ScalarType type) => @case.Spellings.Max(spelling => Error(@case.Name, spelling, type));

    private static double Error(string name, Spelling spelling, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var what = $"{name} as {spelling.Name} in {type}";
        var letter = type == ScalarType.Float32 ? 'f' : 'd';
        var inputs = Numbered(position => $"{name}/i{position}").Select(stored => Input(stored, type)).ToArray();
        var traced = Enumerable.Range(0, inputs.Length).Where(position => _fixtures.Contains($"{name}/{letter}g{position}")).ToArray();
        foreach (var position in traced)
        {
            inputs[position].requires_grad_();
        }

        var outputs = spelling.Run(inputs);
        var expected = Numbered(position => $"{name}/{letter}o{position}").ToArray();
        Assert.True(expected.Length == outputs.Length, $"{what}: {outputs.Length} outputs where PyTorch gives {expected.Length}");
        var worst = expected.Select((stored, position) => Closeness.Error($"{what}, output {position}", _fixtures.Get(stored), outputs[position])).Max();
        if (traced.Length == 0)
        {
            return worst;
        }

        var grads = Gradients(outputs, [.. traced.Select(position => inputs[position])]);
        return grads.Select((grad, i) => Closeness.Error($"{what}, gradient of input {traced[i]}", _fixtures.Get($"{name}/{letter}g{traced[i]}"), grad))
            .Append(worst).Max();
    }

    private static IEnumerable<string> Numbered(Func<int, string> name) =>
        Enumerable.Range(0, 10).Select(name).TakeWhile(_fixtures.Contains);

    /// <summary>Stored floats take the precision under test; integers and truth values stay.</summary>
    private static Tensor Input(string name, ScalarType type)
    {
        var stored = _fixtures.Tensor(name);
        return stored.is_floating_point() ? stored.type(type) : stored;
    }

    /// <summary>Of the sum over differentiable outputs of output · cotangent.</summary>
    private static IList<Tensor> Gradients(Tensor[] outputs, Tensor[] inputs)
    {
        var differentiable = outputs.Where(output => output.requires_grad).ToArray();
        return autograd.grad(differentiable, inputs, [.. differentiable.Select(Cotangent)]);
    }

    /// <summary>-1 to 1 in even steps over the elements, 1 for a single one: as in make_ops.py.</summary>
    private static Tensor Cotangent(Tensor output)
    {
        var count = output.numel();
        var steps = Enumerable.Range(0, (int)count).Select(i => count == 1 ? 1.0 : -1 + (2.0 * i / (count - 1))).ToArray();
        return tensor(steps, output.shape).type(output.dtype);
    }
}
