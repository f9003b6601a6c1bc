using DasSearch.Core;

namespace DasSearch.Reporter.Tests.Importance;

/// <summary>Evaluations in few words.</summary>
internal static class Rewards
{
    internal static Evaluation Of(Subnetwork skipped, double reward) =>
        Evaluation.Scored(skipped, 1, reward, 1, ValidationMode.Eval, "validation:0");

    internal static Evaluation Of(string skipped, int modules, double reward) => Of(Subnetwork.Parse(skipped, modules), reward);

    internal static Evaluation Unscored(string skipped, int modules, EvaluationOutcome outcome) =>
        Evaluation.Unscored(Subnetwork.Parse(skipped, modules), outcome, 1, ValidationMode.Eval, "validation:0", null);
}
