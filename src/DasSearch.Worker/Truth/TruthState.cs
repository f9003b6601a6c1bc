using System.Globalization;
using DasSearch.Core;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Resuming;
using static TorchSharp.torch;

namespace DasSearch.Worker.Truth;

/// <summary>A folder from which an interrupted measurement goes on: what was found on the batches that are done.</summary>
/// <param name="folder">The folder; need not be there.</param>
/// <param name="measured">What tells the network, the samples and the subnetworks from others.</param>
public sealed class TruthState(string folder, string measured)
{
    private const string Prefix = "batch-";
    private const string Found = "found.safetensors";
    private const string Losses = "losses"; // [subnetworks, samples], Float32
    private const string Right = "right"; // [subnetworks], Float64

    private readonly ResumeFolder _folder = new(folder, measured, "measurement");
    private readonly SavePace _pace = new();

    /// <summary>All is stored: nothing is left to be resumed.</summary>
    public void Remove() => _folder.Remove();

    /// <summary>Saves what was found, if it is time to.</summary>
    internal void Save(int batches, IReadOnlyList<float[]> losses, double[] right)
    {
        if (_pace.IsDue)
        {
            _pace.Save(() => _folder.Save(Prefix + batches.ToString(CultureInfo.InvariantCulture), target =>
            {
                using var scope = NewDisposeScope();
                SafetensorsWriter.Write(Path.Combine(target, Found), new Dictionary<string, Tensor>(StringComparer.Ordinal)
                {
                    [Losses] = stack([.. losses.Select(static row => tensor(row))]),
                    [Right] = tensor(right),
                });
            }));
        }
    }

    /// <summary>Puts what was found back.</summary>
    /// <returns>Batches done; 0 where nothing was saved.</returns>
    /// <exception cref="DasSearchException">It belongs to another measurement, or cannot be read.</exception>
    internal int Restore(IReadOnlyList<float[]> losses, double[] right)
    {
        if (_folder.Find() is not { } found)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        var saved = SafetensorsReader.Read(Path.Combine(found.Folder, Found)).Tensors;
        saved[Right].data<double>().ToArray().CopyTo(right, 0);
        var all = saved[Losses].data<float>().ToArray();
        for (var i = 0; i < losses.Count; i++)
        {
            Array.Copy(all, i * losses[i].Length, losses[i], 0, losses[i].Length);
        }

        return int.Parse(found.Name.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
    }
}
