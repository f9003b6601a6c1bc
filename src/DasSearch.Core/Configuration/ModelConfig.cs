namespace DasSearch.Core.Configuration;

/// <summary>Sizes of a backbone. What is left open the checkpoint decides, or without one the backbone's own default.</summary>
/// <remarks>A size that is given must be the checkpoint's: another one is an error.</remarks>
public sealed record ModelConfig
{
    /// <summary>Width of a token's vector; at least 1.</summary>
    public int? Width { get; init => field = Check.AtLeastOrNull(value, 1, "model.width"); }

    /// <summary>Number of layers; at least 1.</summary>
    public int? Layers { get; init => field = Check.AtLeastOrNull(value, 1, "model.layers"); }

    /// <summary>Attention heads; a divisor of the width.</summary>
    public int? Heads { get; init => field = Check.AtLeastOrNull(value, 1, "model.heads"); }

    /// <summary>Side of a patch in pixels.</summary>
    public int? PatchSize { get; init => field = Check.AtLeastOrNull(value, 1, "model.patch_size"); }
}
