using System.Globalization;
using DasSearch.Core;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;

namespace DasSearch.Worker.Networks;

/// <summary>Whether a machine has room for what a method adds to a backbone, which is asked before memory is.</summary>
internal static class NetworkMemory
{
    // A weight, its gradient, and AdamW's two moments; SGD has one.
    private const double BytesOfOne = 4 * sizeof(float);
    private const double Gibi = 1L << 30;

    /// <exception cref="UsageException">What is added is larger than the memory of the machine, or than what a container leaves of it.</exception>
    /// <exception cref="DasSearchException">The settings do not fit the backbone.</exception>
    internal static void Check(NetworkRequest request, BackboneDescription backbone) =>
        Check(request, backbone, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <param name="memory">Bytes that there are.</param>
    internal static void Check(NetworkRequest request, BackboneDescription backbone, long memory)
    {
        var costs = request.Method.NetworkCosts(backbone, request.Transfer);
        var added = (double)(costs.OutsideParameters - backbone.OutsideParameters) + costs.Modules.Sum(module =>
            (IsKept(module.Module.Index) ? module.AttachedParameters : 0.0) + (IsReplaced(module.Module.Index) ? module.ReplacementParameters : 0.0));
        if (added * BytesOfOne > memory)
        {
            var size = request.Method.Size is { } option ? $" and method.{option.Name}" : "";
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"{request.Method.Name} would add {added:N0} parameters with these settings, which take {added * BytesOfOne / Gibi:N0} GiB with their gradients and the optimizer's moments, "
                + $"and there are {memory / Gibi:N0} GiB of memory: adapters.skip_bottleneck, adapters.parallel_bottleneck{size} say how many"));
        }

        // A supernet has both for every module.
        bool IsKept(int module) => request.Absent?.Contains(module) != true;
        bool IsReplaced(int module) => request.Absent?.Contains(module) != false;
    }
}
