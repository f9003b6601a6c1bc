namespace DasSearch.Core;

/// <summary>How finely a backbone is cut into the modules that can be skipped.</summary>
public enum Granularity
{
    /// <summary>A module is a whole layer, as in DAS (arXiv:2309.01479).</summary>
    Layers,

    /// <summary>A layer's attention and its feed-forward part are modules of their own, as in DAS's successor EAS, which skips attention alone.</summary>
    SubLayers,
}
