namespace DasSearch.Core.Configuration;

/// <summary>Which subnetworks are trained between two rounds.</summary>
public enum TrainedSets
{
    /// <summary>What the controller proposes, as in DAS: what it likes is trained more.</summary>
    Proposed,

    /// <summary>Drawn uniformly from all, so that no one's reward is better for having been trained more.</summary>
    Uniform,
}
