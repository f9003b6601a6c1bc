namespace DasSearch.Core.Plans;

/// <summary>How an adapter stands to the module that it is attached to.</summary>
public enum Placement
{
    /// <summary>In place of it: the module is skipped.</summary>
    Replace,

    /// <summary>Beside it or a part of it: its output is added.</summary>
    Parallel,

    /// <summary>On its output or that of a part of it.</summary>
    Sequential,
}
