namespace DasSearch.Core;

/// <summary>How the network stands while a subnetwork is scored; rewards of different modes are not comparable.</summary>
public enum ValidationMode
{
    /// <summary>Evaluation mode: no dropout.</summary>
    Eval,

    /// <summary>Training mode: dropout stays on, as in the official code for ViLT and METER.</summary>
    Train,
}
