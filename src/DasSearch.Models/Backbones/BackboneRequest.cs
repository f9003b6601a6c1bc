using DasSearch.Core;
using DasSearch.Core.Configuration;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>What a backbone is asked for.</summary>
/// <param name="Input">What the task shows it.</param>
/// <param name="Sizes">The sizes that were asked for; the checkpoint decides the others.</param>
/// <param name="Checkpoint">The checkpoint's path in full; null for fresh weights.</param>
/// <param name="Granularity">What a module is; where <paramref name="Absent"/> is given, the number of modules there decides.</param>
/// <param name="Absent">Modules that are never built and never read, because a plan skips them; null for none.</param>
/// <param name="Device">Where the parameters live.</param>
public sealed record BackboneRequest(
    InputShape Input, ModelConfig Sizes, string? Checkpoint, Granularity Granularity, Subnetwork? Absent, Device Device);
