namespace DasSearch.Core.Configuration;

/// <summary>Whose behaviour decides where the paper and its code differ.</summary>
public enum Compatibility
{
    /// <summary>The paper's.</summary>
    Paper,

    /// <summary>The official code's.</summary>
    Official,
}
