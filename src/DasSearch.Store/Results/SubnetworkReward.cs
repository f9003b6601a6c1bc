using DasSearch.Core;

namespace DasSearch.Store.Results;

/// <summary>A row of the view <c>v_subnetworks</c>: how one subnetwork fared in a run.</summary>
/// <param name="Subnetwork">The subnetwork.</param>
/// <param name="Evaluations">How often it was evaluated, cancelled evaluations apart.</param>
/// <param name="MeanReward">Its mean reward; 0 for an evaluation that diverged or failed.</param>
/// <param name="BestReward">Its best reward.</param>
/// <param name="FirstRound">The first round that had it.</param>
/// <param name="LastRound">The last round that had it.</param>
public sealed record SubnetworkReward(
    Subnetwork Subnetwork, long Evaluations, double MeanReward, double BestReward, int FirstRound, int LastRound);
