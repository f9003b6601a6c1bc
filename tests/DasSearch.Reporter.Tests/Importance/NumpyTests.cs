using System.Text.Json;
using DasSearch.Core;
using DasSearch.Reporter.Importance;

namespace DasSearch.Reporter.Tests.Importance;

/// <summary>The numbers of Fixtures/make_importance.py, which works with dummy variables and whole matrices.</summary>
public sealed class NumpyTests
{
    private static readonly JsonElement _expected =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "importance.json"))).RootElement;

    private static readonly ImportanceAnalysis _analysis = Analyse();

    [Fact]
    public void Importance_IsNumpys() => AssertClose("layers", _analysis.Layers.Select(layer => layer.Importance));

    [Fact]
    public void Interactions_AreNumpys() => AssertClose("pairs", _analysis.Interactions().Select(pair => pair.Effect));

    private static void AssertClose(string expected, IEnumerable<Estimate?> actual) =>
        Assert.All(_expected.GetProperty(expected).EnumerateArray().Zip(actual), pair => AssertClose(pair.First, pair.Second));

    private static ImportanceAnalysis Analyse()
    {
        var modules = _expected.GetProperty("modules").GetInt32();
        return new ImportanceAnalysis(RewardSums.Of(modules, _expected.GetProperty("rounds").EnumerateArray().Select(round =>
            (IReadOnlyList<Evaluation>)[.. round.EnumerateArray().Select(evaluation => Rewards.Of(
                new Subnetwork(modules, evaluation.GetProperty("skip").EnumerateArray().Select(index => index.GetInt32())),
                evaluation.GetProperty("reward").GetDouble()))])));
    }

    private static void AssertClose(JsonElement expected, Estimate? actual)
    {
        if (actual is null)
        {
            Assert.Equal(JsonValueKind.Null, expected.ValueKind); // with 2 degrees of freedom or fewer
            return;
        }

        Assert.Equal(expected.GetProperty("value").GetDouble(), actual.Value, 1e-12);
        Assert.Equal(expected.GetProperty("standard_error").GetDouble(), actual.StandardError, 1e-12);
        Assert.Equal(expected.GetProperty("degrees_of_freedom").GetDouble(), actual.DegreesOfFreedom, 1e-8);
    }
}
