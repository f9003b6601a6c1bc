using DasSearch.Core;

namespace DasSearch.Store.Results;

/// <summary>A row of the view <c>v_layer_rewards</c>: what a run found out about one module.</summary>
/// <remarks>Diverged and failed evaluations count as reward 0, cancelled ones for nothing.</remarks>
/// <param name="Module">The module's index, from 0.</param>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Kind">What part of a layer it is.</param>
/// <param name="Stream">The stream it works on.</param>
/// <param name="Skipped">How many evaluations skipped it.</param>
/// <param name="Kept">How many kept it.</param>
/// <param name="MeanRewardSkipped">Mean reward of those that skipped it; null without any.</param>
/// <param name="MeanRewardKept">Mean reward of those that kept it; null without any.</param>
/// <param name="Difference">The first less the second: positive where rewards are better without the module.</param>
/// <param name="StandardError">Standard error of the difference, for unequal variances (Welch); null with fewer than two of either.</param>
/// <param name="Gate">Its gate after the last round; null before the first. High means redundant.</param>
/// <param name="Probability">How likely it would be drawn next; null likewise.</param>
public sealed record LayerReward(
    int Module,
    string Name,
    ModuleKind Kind,
    string Stream,
    long Skipped,
    long Kept,
    double? MeanRewardSkipped,
    double? MeanRewardKept,
    double? Difference,
    double? StandardError,
    double? Gate,
    double? Probability);
