using DasSearch.Store;

namespace DasSearch.Reporter.Comparison;

/// <summary>How right a method is over tasks of VTAB-1K (Zhai et al., arXiv:1910.04867): the mean of each group's tasks, and of the three groups.</summary>
/// <param name="Groups">Natural, specialised and structured tasks.</param>
/// <param name="MeanOfGroups">The mean of the three; null where a group has no task.</param>
/// <param name="MeanOfTasks">The mean over all tasks that there are.</param>
public sealed record VtabMeans(string Method, IReadOnlyList<VtabGroup> Groups, double? MeanOfGroups, double MeanOfTasks)
{
    private const string Task = "vtab";
    private const string Metric = "test.accuracy";

    // What folders of the tasks are called has one of these in it, whoever made them.
    private static readonly (string Name, string[] Tasks)[] _groups =
    [
        ("natural", ["caltech", "cifar", "dtd", "flowers", "pet", "svhn", "sun397"]),
        ("specialised", ["camelyon", "eurosat", "resisc", "retinopathy"]),
        ("structured", ["clevr_count", "clevr_dist", "dmlab", "kitti", "dsprites_loc", "dsprites_ori", "norb_azi", "norb_ele"]),
    ];

    /// <summary>Of trained plans, method by method; of two results of one task the later counts.</summary>
    public static IReadOnlyList<VtabMeans> Of(IEnumerable<VtabResult> results) =>
    [
        .. results.Select(static result => (result.Method, Place: PlaceOf(result.Folder), result.Accuracy)).Where(static result => result.Place is not null)
            .GroupBy(static result => result.Method).Select(static method => Of(
                method.Key, method.GroupBy(static result => result.Place!).ToDictionary(static task => task.Key, static task => task.Last().Accuracy, StringComparer.Ordinal))),
    ];

    /// <summary>The same of runs; none where no run is of a task of VTAB-1K that was trained.</summary>
    internal static IReadOnlyList<VtabMeans> Of(IEnumerable<ComparedRun> runs) => Of(runs.Where(static run => run.Details.Summary.Task == Task)
        .SelectMany(static run => run.Trained.Where(static plan => plan.Metrics.ContainsKey(Metric)).Select(plan => new VtabResult(FolderOf(run.Details), plan.Method, plan.Metrics[Metric].Mean))));

    private static VtabMeans Of(string method, Dictionary<string, double> tasks)
    {
        List<VtabGroup> groups = [.. _groups.Select(group =>
        {
            double[] found = [.. group.Tasks.Where(tasks.ContainsKey).Select(task => tasks[task])];
            return new VtabGroup(group.Name, found.Length, group.Tasks.Length, found.Length > 0 ? found.Average() : null);
        })];
        return new VtabMeans(method, groups, groups.TrueForAll(static group => group.Mean is not null) ? groups.Average(static group => group.Mean!.Value) : null, tasks.Values.Average());
    }

    private static string? PlaceOf(string folder) => _groups.SelectMany(static group => group.Tasks)
        .FirstOrDefault(task => folder.Replace('-', '_').Contains(task, StringComparison.OrdinalIgnoreCase));

    private static string FolderOf(RunDetails run) => Path.GetFileName(SettingDifference.Flatten(run.ConfigText).GetValueOrDefault("data.root", "").Trim('"', '\'').TrimEnd('/'));
}

/// <summary>A result on a task of VTAB-1K.</summary>
/// <param name="Folder">The name of the task's folder, such as <c>oxford_flowers102</c>.</param>
/// <param name="Accuracy">On the test, from 0 to 1.</param>
public sealed record VtabResult(string Folder, string Method, double Accuracy);

/// <summary>A group of VTAB-1K's tasks.</summary>
/// <param name="Tasks">How many of them there are results of.</param>
/// <param name="OfTasks">How many it has.</param>
/// <param name="Mean">Their mean accuracy; null where there is none.</param>
public sealed record VtabGroup(string Name, int Tasks, int OfTasks, double? Mean);
