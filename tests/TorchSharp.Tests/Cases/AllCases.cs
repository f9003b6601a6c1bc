using TorchSharp.Tests.Support;

namespace TorchSharp.Tests.Cases;

/// <summary>Every case, in the order of the tables in Fixtures.</summary>
internal static class AllCases
{
    public static readonly IReadOnlyDictionary<string, Case> ByName = new[]
    {
        UnaryCases.All, BinaryCases.All, ComparisonCases.All, ReduceCases.All, OrderCases.All, ShapeCases.All, IndexCases.All,
        LinearCases.All, FunctionalCases.All, ModuleCases.All, LossCases.All,
    }.SelectMany(table => table).ToDictionary(@case => @case.Name, StringComparer.Ordinal);
}
