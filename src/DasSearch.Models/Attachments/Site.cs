namespace DasSearch.Models.Attachments;

/// <summary>Where something can be attached to a module of a backbone.</summary>
public enum Site
{
    /// <summary>In place of the whole module, where it is skipped: x becomes x + f(x).</summary>
    Replacement,

    /// <summary>Beside attention, on the module's input x: added to x + attention.</summary>
    ParallelToAttention,

    /// <summary>Beside the feed-forward part, on its residual input x: added to x + feed-forward.</summary>
    ParallelToFeedForward,

    /// <summary>On attention's output, before it is added to the residual.</summary>
    AfterAttention,

    /// <summary>On the feed-forward part's output, before it is added to the residual.</summary>
    AfterFeedForward,
}
