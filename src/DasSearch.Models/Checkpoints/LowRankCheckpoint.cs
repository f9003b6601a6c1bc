using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Models.Checkpoints;

/// <summary>A checkpoint whose blocks' Linears are two of a low rank each: PELA's (arXiv:2310.10700, section 3.1).</summary>
public static class LowRankCheckpoint
{
    private const int FewestOutputs = 10; // as in the authors' code: what has fewer is a head

    /// <summary>A checkpoint of a ViLT, ViT or Swin under official names; what has no words and no norm of patches is a ViT's.</summary>
    /// <exception cref="DasSearchException">There is no such file, it is not sound, or has a tensor under two names.</exception>
    public static CompressibleCheckpoint Read(string path)
    {
        var file = WeightFile.Open(path);
        return ViltNames.Kind.Official(file).Tensors.ContainsKey(ViltCheckpoint.Words)
            ? new CompressibleCheckpoint("ViLT (arXiv:2102.03334)", IsPretrained: true, CheckpointFile.Read(file, ViltNames.Kind))
            : SwinNames.Kind.Official(file).Tensors.ContainsKey(SwinConfig.PatchNorm + ".weight")
            ? new CompressibleCheckpoint("Swin (arXiv:2103.14030)", IsPretrained: false, CheckpointFile.Read(file, SwinNames.Kind))
            : new CompressibleCheckpoint("ViT (arXiv:2010.11929)", IsPretrained: false, CheckpointFile.Read(file, VitNames.Kind));
    }

    /// <summary>The ranks that Linears of a checkpoint's blocks get, by name; those that are two already stay as they are.</summary>
    /// <param name="tensors">The checkpoint's.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="kappa">How many times fewer parameters each has then; at least 1.</param>
    /// <param name="kept">Parts of names: whose contains one stays as it is.</param>
    /// <exception cref="ConfigException">κ leaves a Linear no rank, or there is none to be made two.</exception>
    public static IReadOnlyDictionary<string, int> Ranks(
        IReadOnlyDictionary<string, Tensor> tensors, string source, double kappa, IReadOnlyList<string> kept)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(kept);
        ArgumentOutOfRangeException.ThrowIfLessThan(kappa, 1);
        var ranks = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, weight) in tensors)
        {
            if (BlockModule.LinearOf(name) is not { } linear
                || name != linear + ".weight"
                || weight.dim() != 2
                || weight.size(0) < FewestOutputs
                || kept.Any(part => linear.Contains(part, StringComparison.Ordinal)))
            {
                continue;
            }

            var (width, result) = (weight.size(1), weight.size(0));
            ranks[linear] = LowRank.RankOf(width, result, kappa) is > 0 and var rank
                ? rank
                : throw new ConfigException("compress.kappa", string.Create(
                    CultureInfo.InvariantCulture,
                    $"leaves {linear} of {width} inputs and {result} outputs no rank: it must be at most {(double)width * result / (width + result):0.##}, not {kappa}"));
        }

        return ranks.Count > 0
            ? ranks
            : throw new ConfigException("checkpoint", $"{source} has no Linear in blocks of a ViLT, ViT or Swin that could be made two of a low rank");
    }

    /// <summary>The checkpoint with factors in place of those Linears.</summary>
    /// <param name="told">Told of each before it is computed.</param>
    public static Dictionary<string, Tensor> Factorise(
        IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, int> ranks, Action<string> told, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentNullException.ThrowIfNull(told);
        var result = tensors.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, rank) in ranks)
        {
            cancellation.ThrowIfCancellationRequested();
            told(name);
            var factors = LowRank.Factorise(tensors[name + ".weight"], rank);
            result.Remove(name + ".weight");
            result[name + LowRank.First] = factors.First;
            result[name + LowRank.Second] = factors.Second;
            if (result.Remove(name + ".bias", out var bias))
            {
                result[LowRank.BiasOf(name, rank)] = bias;
            }
        }

        return result;
    }
}

/// <summary>A checkpoint whose Linears can be made two of a low rank each.</summary>
/// <param name="Network">What kind of network it is of, with its paper.</param>
/// <param name="IsPretrained">Whether das knows the pre-training that it can be trained on with.</param>
/// <param name="Checkpoint">Its tensors, which belong to the scope in which it was read.</param>
public sealed record CompressibleCheckpoint(string Network, bool IsPretrained, Checkpoint Checkpoint);
