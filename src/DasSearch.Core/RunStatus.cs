namespace DasSearch.Core;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>It is being computed, or its process was killed.</summary>
    Running,

    /// <summary>It came to its end.</summary>
    Done,

    /// <summary>Its user stopped it; it can be resumed.</summary>
    Interrupted,

    /// <summary>An error stopped it.</summary>
    Failed,
}
