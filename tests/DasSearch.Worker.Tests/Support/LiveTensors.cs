using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Support;

/// <summary>How many tensors there are: those that nothing refers to any more are let go of first, other tests' above all.</summary>
internal static class LiveTensors
{
    internal static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Tensor.TotalCount;
    }
}
