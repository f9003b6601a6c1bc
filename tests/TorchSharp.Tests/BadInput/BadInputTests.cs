using TorchSharp.Tests.Support;

namespace TorchSharp.Tests.BadInput;

/// <summary>Each entry point that takes sizes, types or handles, given wrong ones: a catchable exception that names the problem.</summary>
public sealed class BadInputTests
{
    private static readonly Dictionary<string, Attempt> _attempts =
        TensorAttempts.All.Concat(NeuralAttempts.All).Concat(HandleAttempts.All).ToDictionary(attempt => attempt.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names() => [.. _attempts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Call_WithWrongInput_IsRefusedByName(string name) => _attempts[name].MustBeRefused();

    [Fact]
    public void Library_AfterEveryRefusal_StillWorks()
    {
        var before = LiveTensors.Settled();
        foreach (var attempt in _attempts.Values)
        {
            using var scope = torch.NewDisposeScope();
            Record.Exception(attempt.Call);
        }

        using var sum = torch.ones(3).sum();
        Assert.Equal(3f, sum.item<float>());
        Assert.True(torch.get_num_threads() > 0);
        Assert.Equal(torch.float32, torch.get_default_dtype());
        Assert.True(torch.Tensor.TotalCount >= before);
    }
}
