using System.Runtime.InteropServices;
using TorchSharp;

namespace DasSearch.Worker.Networks;

/// <summary>Passes that are done again where libtorch found a number gone that it was about to read.</summary>
/// <remarks>
/// TorchSharp's operators make a Scalar of each number, and nothing holds it until libtorch has read it: a collection at that moment frees it
/// (https://github.com/dotnet/TorchSharp/pull/1434). It is met once in hours, on a loaded machine. A pass that changes nothing but gradients,
/// which begin anew, gives the same when it is done again.
/// </remarks>
internal static class LostScalar
{
    private const int Tries = 3; // in a row: what is wrong with a pass itself is said at once, being said otherwise

    // Of c10/core/Scalar.h, of a number that is of no type: on reading it, and on asking for its type.
    private static readonly string[] _signs = ["Expected false to be true", "Unknown scalar type"];

    /// <summary>Does a pass, again where it lost a number.</summary>
    /// <param name="pass">What gives the same however often it is done: it draws from streams of its own, and disposes what it makes.</param>
    internal static T Retry<T>(Func<T> pass)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                return pass();
            }
            catch (ExternalException failure) when (left > 1 && _signs.Any(sign => failure.Message.Contains(sign, StringComparison.Ordinal)))
            {
            }
        }
    }

    /// <summary>As <see cref="Retry{T}"/>.</summary>
    internal static void Retry(Action pass) => Retry(() =>
    {
        pass();
        return true;
    });
}

/// <summary>Numbers for operations that change their tensors, and so cannot be done again: each is held until all are disposed.</summary>
internal sealed class HeldScalars : IDisposable
{
    private readonly List<Scalar> _held = [];

    /// <summary>A number for an operation.</summary>
    internal Scalar Of(double value)
    {
        var scalar = value.ToScalar();
        _held.Add(scalar);
        return scalar;
    }

    /// <inheritdoc/>
    public void Dispose() => _held.ForEach(static scalar => scalar.Dispose());
}
