namespace DasSearch.Store.Rewards;

/// <summary>What a row of rewards stands for.</summary>
public enum RewardGrouping
{
    /// <summary>A module: what skipping it does, as <c>v_layer_rewards</c> has it.</summary>
    Layer,

    /// <summary>A round, as <c>v_rounds</c> has it.</summary>
    Round,

    /// <summary>A set of skipped modules, as <c>v_subnetworks</c> has it.</summary>
    Subnetwork,

    /// <summary>One evaluation, as the table <c>evaluation</c> has it: everything else is made of these.</summary>
    Evaluation,
}
