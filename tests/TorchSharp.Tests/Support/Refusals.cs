using System.Runtime.InteropServices;

namespace TorchSharp.Tests;

/// <summary>Bad calls that must end in an exception a caller can catch.</summary>
internal static class Refusals
{
    /// <summary>The exception that the action ends in: of .NET's own for bad calls, or libtorch's through ExternalException.</summary>
    public static Exception Of(Action action)
    {
        var thrown = Record.Exception(action);
        Assert.True(
            thrown is ArgumentException or InvalidOperationException or ExternalException or KeyNotFoundException or NotSupportedException
                or InvalidCastException or NotImplementedException or IndexOutOfRangeException,
            $"ended in {thrown?.GetType().Name ?? "no exception"}: {thrown?.Message}");
        return thrown!;
    }
}
