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

    private static readonly CompressibleNetwork _vilt = new("vilt", "ViLT (arXiv:2102.03334)", classifier: null, ViltNames.Kind);
    private static readonly CompressibleNetwork _vit = new("vit", "ViT (arXiv:2010.11929)", VitConfig.Head, VitNames.Kind);
    private static readonly CompressibleNetwork _swin = new("swin", "Swin (arXiv:2103.14030)", SwinConfig.Head, SwinNames.Kind);

    /// <summary>What a checkpoint is of: a ViLT, ViT or Swin; what has no words and no norm of patches is a ViT's.</summary>
    /// <exception cref="DasSearchException">There is no such file, or it is not sound.</exception>
    public static CompressibleNetwork NetworkOf(string path)
    {
        var file = WeightFile.Open(path);
        return ViltNames.Kind.Official(file).Tensors.ContainsKey(ViltCheckpoint.Words) ? _vilt
            : SwinNames.Kind.Official(file).Tensors.ContainsKey(SwinConfig.PatchNorm + ".weight") ? _swin
            : _vit;
    }

    /// <summary>The checkpoint under official names.</summary>
    /// <exception cref="DasSearchException">There is no such file, it is not sound, has a tensor under two names, or weights that are no finite floating numbers.</exception>
    public static Checkpoint Read(string path, CompressibleNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var checkpoint = CheckpointFile.Read(WeightFile.Open(path), network.Kind);
        foreach (var (name, tensor) in checkpoint.Tensors.Where(static entry => entry.Key.EndsWith(".weight", StringComparison.Ordinal) || entry.Key.EndsWith(".bias", StringComparison.Ordinal)))
        {
            CheckpointFile.CheckWeights($"checkpoint {path}", name, tensor);
        }

        return checkpoint;
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
        var linears = Linears(tensors);
        if (linears.Count == 0)
        {
            throw new ConfigException("checkpoint", tensors.Keys.FirstOrDefault(static name => name.EndsWith(LowRank.First, StringComparison.Ordinal)) is { } factor
                ? $"{source} is compressed already: it has {factor}"
                : $"{source} has no Linear in blocks of a ViLT, ViT or Swin that could be made two of a low rank");
        }

        if (kept.FirstOrDefault(part => !linears.Keys.Any(name => name.Contains(part, StringComparison.Ordinal))) is { } unknown)
        {
            throw new ConfigException("compress.keep", $"has '{unknown}', which is part of no Linear's name in {source}, such as {linears.Keys.First()}");
        }

        var ranks = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (linear, weight) in linears.Where(entry => !kept.Any(part => entry.Key.Contains(part, StringComparison.Ordinal))))
        {
            var (width, result) = (weight.size(1), weight.size(0));
            ranks[linear] = LowRank.RankOf(width, result, kappa) is > 0 and var rank
                ? rank
                : throw new ConfigException("compress.kappa", string.Create(
                    CultureInfo.InvariantCulture,
                    $"leaves {linear} of {width} inputs and {result} outputs no rank: it must be at most {(double)width * result / (width + result):0.##}, not {kappa}"));
        }

        return ranks.Count > 0
            ? ranks
            : throw new ConfigException("compress.keep", $"leaves no Linear of {source} to be made two of a low rank");
    }

    // Those of blocks, by name.
    private static SortedDictionary<string, Tensor> Linears(IReadOnlyDictionary<string, Tensor> tensors) => new(
        tensors.Where(static entry => BlockModule.LinearOf(entry.Key) is { } linear && entry.Key == linear + ".weight" && entry.Value.dim() == 2 && entry.Value.size(0) >= FewestOutputs)
            .ToDictionary(static entry => entry.Key[..^".weight".Length], static entry => entry.Value, StringComparer.Ordinal),
        StringComparer.Ordinal);

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

/// <summary>A network whose Linears can be made two of a low rank each.</summary>
public sealed record CompressibleNetwork
{
    internal CompressibleNetwork(string backbone, string title, string? classifier, CheckpointKind kind) => (Backbone, Title, Classifier, Kind) = (backbone, title, classifier, kind);

    /// <summary>What a configuration calls its backbone.</summary>
    public string Backbone { get; }

    /// <summary>What it is, with its paper.</summary>
    public string Title { get; }

    /// <summary>What its checkpoints call its classifier of images; null where it is none, and das knows its pre-training instead.</summary>
    public string? Classifier { get; }

    internal CheckpointKind Kind { get; }

    /// <summary>Puts the classifier that a network was trained with under the names of official checkpoints, which have two where DeiT has two tokens for it.</summary>
    /// <param name="tensors">All tensors by name.</param>
    public void NameClassifier(Dictionary<string, Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (Kind == VitNames.Kind)
        {
            VitCheckpoint.DivideClassifier(tensors);
        }
    }
}
