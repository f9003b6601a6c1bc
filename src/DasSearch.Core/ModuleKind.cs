namespace DasSearch.Core;

/// <summary>What part of a layer a skippable module is.</summary>
public enum ModuleKind
{
    /// <summary>The whole layer.</summary>
    Whole,

    /// <summary>Its attention alone.</summary>
    Attention,

    /// <summary>Its feed-forward part alone.</summary>
    FeedForward,
}
