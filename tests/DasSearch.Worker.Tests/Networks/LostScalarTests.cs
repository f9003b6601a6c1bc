using System.Runtime.InteropServices;
using DasSearch.Worker.Networks;

namespace DasSearch.Worker.Tests.Networks;

public sealed class LostScalarTests
{
    private const string Lost = "Expected false to be true, but got false.  (Could this error message be improved?)\nException raised from to at Scalar.h";

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Retry_PassThatLosesANumberNowAndThen_IsDoneUntilItDoesNot(int losses)
    {
        var tries = 0;

        var answer = LostScalar.Retry(() => tries++ < losses ? throw new LibtorchException(Lost) : 42);

        Assert.Equal((42, losses + 1), (answer, tries));
    }

    [Theory]
    [InlineData(Lost, 3)]
    [InlineData("Unknown scalar type.\nException raised from type at Scalar.h", 3)]
    [InlineData("The size of tensor a (3) must match the size of tensor b (4)", 1)]
    public void Retry_PassThatFailsEachTime_FailsAsItDid(string message, int tries)
    {
        var made = 0;

        var failure = Assert.ThrowsAny<ExternalException>(() => LostScalar.Retry(() =>
        {
            made++;
            throw new LibtorchException(message);
        }));

        Assert.Equal((message, tries), (failure.Message, made));
    }

    private sealed class LibtorchException(string message) : ExternalException(message);
}
