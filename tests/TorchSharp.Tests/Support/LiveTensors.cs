namespace TorchSharp.Tests.Support;

/// <summary>The live-tensor count, freed of what earlier tests left to the finalizer.</summary>
internal static class LiveTensors
{
    public static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
