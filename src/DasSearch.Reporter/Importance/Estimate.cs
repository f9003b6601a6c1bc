using System.Text.Json.Serialization;
using MathNet.Numerics.Distributions;

namespace DasSearch.Reporter.Importance;

/// <summary>A number estimated from rewards, and how sure it is.</summary>
/// <param name="Value">The number, in units of reward.</param>
/// <param name="StandardError">Its standard error, at least 0, in the same units.</param>
/// <param name="DegreesOfFreedom">Of Student's t distribution, which interval and p-value come from; above 0, not always whole.</param>
/// <param name="PValue">How often so large a number, of either sign, comes about where the truth is 0; from 0 to 1.</param>
public sealed record Estimate(
    double Value, double StandardError, double DegreesOfFreedom, double Lower, double Upper, double PValue)
{
    /// <summary>Whether the interval is on one side of 0.</summary>
    [JsonPropertyName("isTold")]
    public bool IsSignificant => Lower > 0 || Upper < 0;

    /// <summary>An estimate whose distance from the truth, in standard errors, has Student's t distribution.</summary>
    internal static Estimate OfStudent(double value, double standardError, double degreesOfFreedom, double confidence)
    {
        var reach = standardError * StudentT.InvCDF(0, 1, degreesOfFreedom, (1 + confidence) / 2);
        var chance = (value, standardError) switch
        {
            (0, _) => 1,
            (_, 0) => 0,
            _ => 2 * StudentT.CDF(0, 1, degreesOfFreedom, -Math.Abs(value) / standardError),
        };
        return new Estimate(value, standardError, degreesOfFreedom, value - reach, value + reach, chance);
    }
}
