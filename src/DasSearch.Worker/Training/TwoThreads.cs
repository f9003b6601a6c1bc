using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>Does two halves of the work at once, each on a thread of its own, with half of libtorch's threads within operations each.</summary>
/// <remarks>
/// Halves of a batch wait for each other once; threads within operations do so after each of some thousand small ones, and for whatever
/// else runs on the machine. Two, since a sum of two gradients does not depend on which comes first. Where libtorch has one thread, or
/// the work is a GPU's, there is one half: all.
/// </remarks>
internal sealed class TwoThreads : IDisposable
{
    private readonly int _threads = get_num_threads();
    private readonly SemaphoreSlim _begin = new(0);
    private readonly SemaphoreSlim _end = new(0);
    private readonly Thread? _second;
    private Action? _work;
    private ExceptionDispatchInfo? _failure;

    internal TwoThreads(Device device)
    {
        if (device.type == DeviceType.CPU && _threads > 1)
        {
            set_num_threads(_threads / 2);
            _second = new Thread(Loop) { IsBackground = true, Name = "das: second half" };
            _second.Start();
        }
    }

    /// <summary>How many halves there are: 2, or 1.</summary>
    internal int Count => _second is null ? 1 : 2;

    /// <summary>Does a thing for each half, numbered from 0; what is thrown is thrown, the first half's before the second's.</summary>
    internal void Run(Action<int> work)
    {
        if (_second is null)
        {
            work(0);
            return;
        }

        (_work, _failure) = (() => work(1), null);
        _begin.Release();
        try
        {
            work(0);
        }
        finally
        {
            _end.Wait();
        }

        _failure?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_second is not null)
        {
            _work = null;
            _begin.Release();
            _second.Join();
            set_num_threads(_threads);
        }

        _begin.Dispose();
        _end.Dispose();
    }

    private void Loop()
    {
        for (_begin.Wait(); _work is { } work; _begin.Wait())
        {
            try
            {
                work();
            }
#pragma warning disable CA1031 // Thrown again on the calling thread.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
            }

            _end.Release();
        }
    }
}
