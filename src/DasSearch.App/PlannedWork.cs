using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data.Tasks;
using DasSearch.Exports;
using DasSearch.Formats;
using DasSearch.Store;
using DasSearch.Worker.Networks;

namespace DasSearch.App;

/// <summary>Where a command finds a plan and what belongs to it.</summary>
/// <param name="Plan">The plan's file.</param>
/// <param name="Database">The database with the run that the plan came of.</param>
/// <param name="Config">Settings to take instead of the run's; null for the run's.</param>
/// <param name="Set">Overrides of single settings.</param>
/// <param name="Checkpoint">The checkpoint's file; null to look where the settings say.</param>
public sealed record PlanSource(string Plan, string Database, string? Config, IReadOnlyList<string> Set, string? Checkpoint)
{
    /// <summary>Told while another program has the database; null where nobody wants to know.</summary>
    public Action<string>? Waiting { get; init; }

    /// <summary>Opens the database.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be opened.</exception>
    internal IRunStore Open() => RunStore.Open(Database, TimeProvider.System, waiting: Waiting);
}

/// <summary>A plan with what it takes to build its network: settings and checkpoint.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Settings">The settings of the run that it came of, or others that were named.</param>
/// <param name="Checkpoint">The checkpoint's path in full, whose SHA-256 is the plan's; null for fresh weights.</param>
public sealed record PlannedWork(SkipPlan Plan, ResolvedConfig<RunConfig> Settings, string? Checkpoint)
{
    /// <summary>Finds it all.</summary>
    /// <param name="source">Where to look.</param>
    /// <exception cref="DasSearchException">Plan, settings or checkpoint cannot be found, or do not belong together.</exception>
    public static PlannedWork Open(PlanSource source)
    {
        var plan = PlanFile.Read(source.Plan);
        var settings = Configure(plan, source);
        if (settings.Values.Task != plan.Task || settings.Values.Backbone != plan.Backbone)
        {
            throw new DasSearchException(
                $"{source.Plan} is for {plan.Task} on {plan.Backbone}, but the settings are for {settings.Values.Task} on {settings.Values.Backbone}");
        }

        return new PlannedWork(plan, settings, new PlanFiles(plan, source.Plan, source.Database).Checkpoint(source.Checkpoint, settings.Path));
    }

    /// <summary>What the plan's networks are built from.</summary>
    internal NetworkRequest Request(AppEnvironment environment, IVisionLanguageTask task, TorchSharp.torch.Device device) =>
        environment.Supernet(Settings.Values, Checkpoint, task, device);

    private static ResolvedConfig<RunConfig> Configure(SkipPlan plan, PlanSource source)
    {
        if (source.Config is { } file)
        {
            return ConfigFile.Load<RunConfig>(file, source.Set);
        }

        if (plan.Provenance is not { Run: { } run, ConfigSha256: { } sha256 })
        {
            throw new UsageException($"{source.Plan} came of no run: name its settings with --config FILE");
        }

        using var store = source.Open();
        var details = store.Read.Run(run);
        if (details.ConfigSha256 != sha256)
        {
            throw new DasSearchException(
                $"{source.Plan} came of another run {run} than the one in {source.Database}: name its database with --db, or its settings with --config");
        }

        var stored = StoredConfig.Of(details);
        return source.Set.Count == 0
            ? stored
            : ConfigFile.Parse<RunConfig>(stored.Text, $"the settings of run {run}", stored.Path, source.Set);
    }
}
