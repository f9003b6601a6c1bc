namespace DasSearch.Exports;

/// <summary>What the authors' code left behind.</summary>
public enum ImportFormat
{
    /// <summary>What it printed: lines with <c>tensor([…])</c>.</summary>
    Log,

    /// <summary>A list as its scripts take it, such as <c>skip_module=[3,7]</c> or <c>--skip_list '[24, 27]'</c>.</summary>
    List,

    /// <summary>A checkpoint in safetensors, whose buffer <c>das_gate</c> or <c>scores</c> holds the gates.</summary>
    Safetensors,
}
