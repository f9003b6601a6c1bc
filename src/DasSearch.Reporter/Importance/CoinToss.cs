namespace DasSearch.Reporter.Importance;

/// <summary>When a module may as well be skipped as kept: where chance decides whether it is among the least important ones.</summary>
public static class CoinToss
{
    /// <summary>From this probability on.</summary>
    public const double From = 0.25;

    /// <summary>Up to this probability.</summary>
    public const double To = 0.75;

    /// <summary>Whether a module is one.</summary>
    /// <param name="amongLeast">How likely it is among the least important ones, from 0 to 1.</param>
    public static bool Is(double amongLeast) => amongLeast is >= From and <= To;
}
