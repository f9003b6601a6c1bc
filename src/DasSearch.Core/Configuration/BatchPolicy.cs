namespace DasSearch.Core.Configuration;

/// <summary>Which validation batch a round is scored on; all candidates of one round see the same.</summary>
public enum BatchPolicy
{
    /// <summary>The same batch in every round, as in the official code.</summary>
    Fixed,

    /// <summary>Another batch in every round.</summary>
    Fresh,
}
