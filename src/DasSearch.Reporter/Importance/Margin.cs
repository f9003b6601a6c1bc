namespace DasSearch.Reporter.Importance;

/// <summary>How far apart the last module chosen and the first one left out are.</summary>
/// <param name="LastChosen">The most important of the chosen modules.</param>
/// <param name="FirstLeftOut">The least important of the others.</param>
/// <param name="Difference">
/// By how much the second is more important; below 0 where the choice goes against the rewards. Where the choice is by
/// importance, the two are neighbours because they came out close, so the p-value errs on the side of doubt.
/// </param>
public sealed record Margin(int LastChosen, int FirstLeftOut, Estimate Difference);
