using TorchSharp.Tests.ApiList;

namespace OxyPlot.Tests;

/// <summary>The stand-in promises nothing that the official package does not have.</summary>
public sealed class ApiListTests
{
    private static readonly HashSet<string> Allowed =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "oxyplot-api.txt"))];

    private static readonly Type[] Types = [.. Signatures.VisibleTypes(typeof(DataPoint).Assembly)];

    [Fact]
    public void StandIn_Members_AreAllInTheList()
    {
        var members = Types.SelectMany(Signatures.OfMembers).ToList();
        Assert.Contains("DataPoint bool IsDefined()", members);
        Assert.Equal([], members.Except(Allowed));
    }

    [Fact]
    public void StandIn_Types_AreAllInTheList()
    {
        var types = Types.Select(Signatures.OfType).ToList();
        Assert.Contains("OxyPlot struct OxyColor", types);
        Assert.Equal([], types.Except(Allowed));
    }
}
