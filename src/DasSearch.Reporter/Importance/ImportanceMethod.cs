using System.Globalization;

namespace DasSearch.Reporter.Importance;

/// <summary>How importance and its errors are found, in words that reports print.</summary>
public static class ImportanceMethod
{
    /// <summary>What importance is and where its interval comes from.</summary>
    public static string Importance(double confidence) => string.Create(
        CultureInfo.InvariantCulture,
        $"Importance is the reward that is lost when a layer is skipped rather than an average one, whatever else is skipped: "
        + $"least squares of reward on skip indicators with an intercept for each round, effects adding up to zero. "
        + $"{100 * confidence:0.##} % intervals take rounds as clusters (CR2 errors with Satterthwaite degrees of freedom: "
        + $"Bell and McCaffrey 2002, Pustejovsky and Tipton 2018). They speak of this run; another seed is another run.");

    /// <summary>What the probabilities of being among the least important layers are.</summary>
    public const string Ranks =
        "P(among the m least) is the share of 10,000 draws from the posterior of a hierarchical normal model (Rubin 1981) in which "
        + "a layer is among the m least important ones; m/n where nothing is known.";

    /// <summary>What the reliability of a ranking is.</summary>
    public const string Reliability =
        "Reliability is Spearman's rank correlation of importance by odd and by even rounds, corrected for their length "
        + "(Spearman 1910, Brown 1910).";

    /// <summary>What interactions are.</summary>
    public const string Interactions =
        "An interaction is how much higher reward is with both layers skipped than their effects add up to, each pair adjusted for "
        + "all layers' effects and for rounds, with CR2 errors; p-values are adjusted for the number of pairs (Benjamini and "
        + "Hochberg 1995).";

    /// <summary>What a consensus of runs is.</summary>
    public const string Consensus =
        "The consensus averages importance over runs by inverse variance, with a variance between runs that all layers share "
        + "(DerSimonian and Laird 1986). A layer is a coin toss where it is among the m least important with a probability of 25 to 75 %.";
}
