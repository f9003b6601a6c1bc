using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones.Vilt;

namespace DasSearch.Models.Backbones;

/// <summary>A line of the table of backbones.</summary>
/// <param name="Name">What a configuration calls it.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="Load">Builds it, and reads its checkpoint if it is to have one.</param>
/// <param name="Describe">Describes it without building it.</param>
/// <param name="DescribeProfiled">Describes it at the size and setting in which papers profile it.</param>
public sealed record BackboneEntry(
    string Name,
    string Summary,
    Func<BackboneRequest, LoadedBackbone> Load,
    Func<BackboneRequest, BackboneDescription> Describe,
    Func<BackboneDescription> DescribeProfiled);

/// <summary>Every backbone there is: a new one is a folder and one line here.</summary>
public static class BackboneTable
{
    /// <summary>The backbones, in the order in which help lists them.</summary>
    public static IReadOnlyList<BackboneEntry> All { get; } =
    [
        new(
            "vilt",
            "ViLT (arXiv:2102.03334); ViLT-B/32 unless a checkpoint has other sizes",
            ViltLoader.Load,
            ViltLoader.Describe,
            ViltCosts.DescribeProfiled),
    ];

    /// <summary>The backbone of a name.</summary>
    /// <exception cref="ConfigException">There is none; the message lists the names.</exception>
    public static BackboneEntry Named(string name) =>
        All.FirstOrDefault(entry => entry.Name == name)
        ?? throw new ConfigException("backbone", $"must be {string.Join(" or ", All.Select(entry => entry.Name))}, not '{name}'");
}
