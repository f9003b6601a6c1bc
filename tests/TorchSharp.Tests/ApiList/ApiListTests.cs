namespace TorchSharp.Tests.ApiList;

/// <summary>The stand-in promises nothing that the genuine packages do not have.</summary>
public sealed class ApiListTests
{
    [Fact]
    public void StandIn_PublicSurface_LiesWithinTheList()
    {
        var excess = AllowedMembers.Load().Excess(Signatures.VisibleTypes(typeof(torch).Assembly)).ToArray();
        Assert.True(excess.Length == 0, $"{excess.Length} members are not in torchsharp-api.txt:\n{string.Join('\n', excess)}");
    }

    [Fact]
    public void StandIn_Surface_IsFoundAtAll()
    {
        var members = Signatures.VisibleTypes(typeof(torch).Assembly).Sum(type => Signatures.OfMembers(type).Count());
        Assert.InRange(members, 1000, 4083);
    }
}
