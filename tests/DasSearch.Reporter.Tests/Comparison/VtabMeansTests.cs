using DasSearch.Reporter.Comparison;

namespace DasSearch.Reporter.Tests.Comparison;

public sealed class VtabMeansTests
{
    [Fact]
    public void Of_SomeTasks_AveragesEachGroup_AndTheGroups()
    {
        VtabResult[] results =
        [
            new("cifar", "ttc", 0.5), new("oxford_flowers102", "ttc", 0.9), new("patch_camelyon", "ttc", 0.8), new("clevr_count", "ttc", 0.1), new("clevr_dist", "ttc", 0.4),
            new("cifar", "ttc", 0.7), // again
            new("my-photos", "ttc", 0), new("smallnorb-azi", "full", 0.2),
        ];
        var means = VtabMeans.Of(results);
        var (ttc, full) = (means[0], means[1]);

        Assert.Equal(["ttc", "full"], means.Select(static method => method.Method));
        Assert.Equal([(2, 7), (1, 4), (2, 8)], ttc.Groups.Select(static group => (group.Tasks, group.OfTasks)));
        Assert.Equal([0.8, 0.8, 0.25], ttc.Groups.Select(static group => Math.Round(group.Mean!.Value, 6)));
        Assert.Equal((1.85 / 3, 2.9 / 5), (ttc.MeanOfGroups!.Value, ttc.MeanOfTasks), new Close());
        Assert.Null(full.MeanOfGroups);
        Assert.Equal(0.2, full.MeanOfTasks);
    }

    private sealed class Close : IEqualityComparer<(double Groups, double Tasks)>
    {
        public bool Equals((double Groups, double Tasks) x, (double Groups, double Tasks) y) => Math.Abs(x.Groups - y.Groups) < 1e-9 && Math.Abs(x.Tasks - y.Tasks) < 1e-9;

        public int GetHashCode((double Groups, double Tasks) obj) => 0;
    }
}
