using BenchmarkDotNet.Attributes;
using TorchSharp;

namespace DasSearch.Benchmarks;

/// <summary>The overhead of one small operation: the sum of two tensors of 16 elements, made and disposed.</summary>
public class SmallOperation
{
    private const int Operations = 100_000;

    private torch.Tensor _a = null!;
    private torch.Tensor _b = null!;
    private PyTorchPeer? _peer;

    [GlobalSetup]
    public void Setup()
    {
        _a = torch.rand(16);
        _b = torch.rand(16);
        _peer = PyTorchPeer.IsInstalled ? new PyTorchPeer("small-operation") : null;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _a.Dispose();
        _b.Dispose();
        _peer?.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void PyTorch() => _peer!.Run(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void TorchSharp()
    {
        using var unrecorded = torch.no_grad();
        for (var i = 0; i < Operations; i++)
        {
            using var sum = _a + _b;
        }
    }

    /// <summary>As above, with the sums left to a scope that ends every hundred of them.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void TorchSharpInScopes()
    {
        using var unrecorded = torch.no_grad();
        for (var i = 0; i < Operations / 100; i++)
        {
            using var scope = torch.NewDisposeScope();
            for (var j = 0; j < 100; j++)
            {
                _ = _a + _b;
            }
        }
    }
}
