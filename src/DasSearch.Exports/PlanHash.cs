using System.Security.Cryptography;
using System.Text;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>Which plan an export was made of.</summary>
internal static class PlanHash
{
    /// <summary>SHA-256 of the plan as das writes it, which is that of its file; in lower-case hexadecimal.</summary>
    internal static string Of(SkipPlan plan) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PlanFile.Format(plan))));
}
