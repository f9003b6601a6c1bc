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

    /// <summary>Whether an override gives a setting.</summary>
    internal bool Sets(string setting) => Set.Any(set => IsOf(setting, set));

    /// <summary>The same without the overrides of a setting.</summary>
    internal PlanSource Without(string setting) => this with { Set = [.. Set.Where(set => !IsOf(setting, set))] };

    /// <summary>The same without the overrides of the method's settings.</summary>
    internal PlanSource WithoutMethod() => this with { Set = [.. Set.Where(static set => !IsOfMethod(set))] };

    /// <summary>Whether an override gives a setting of the method.</summary>
    internal static bool IsOfMethod(string set) => set.StartsWith("method.", StringComparison.Ordinal);

    /// <summary>Opens the database.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be opened.</exception>
    internal IRunStore Open() => RunStore.Open(Database, TimeProvider.System, waiting: Waiting);

    private static bool IsOf(string setting, string set) => set.StartsWith(setting + "=", StringComparison.Ordinal);
}

/// <summary>A plan with what it takes to build its network: settings and checkpoint.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Settings">The settings of the run that it came of, or others that were named.</param>
/// <param name="Checkpoint">The checkpoint's path in full, whose SHA-256 is the plan's; null for fresh weights.</param>
/// <param name="KeepsSizes">Whether sizes are the plan's, since nobody has set others.</param>
public sealed record PlannedWork(SkipPlan Plan, ResolvedConfig<RunConfig> Settings, string? Checkpoint, bool KeepsSizes)
{
    private const string MethodName = "method.name";

    /// <summary>Whether the plan's account, if it has one, is of what is to be trained: the same method with the same settings.</summary>
    internal bool IsAccounted => KeepsSizes && (Plan.Result is { } result
        ? result.Method == Settings.Values.Method.Name && result.Options.Count == Settings.Values.Method.Options.Count && !result.Options.Except(Settings.Values.Method.Options).Any()
        : Plan.Method == Settings.Values.Method.Name);

    /// <summary>Finds it all, to train the plan.</summary>
    /// <param name="environment">What its backbone is taken from.</param>
    /// <param name="source">Where to look.</param>
    /// <param name="method">The transfer method; null for the one that is set, or else the plan's.</param>
    /// <exception cref="DasSearchException">Plan, settings or checkpoint cannot be found, or do not belong together.</exception>
    public static PlannedWork ToTrain(AppEnvironment environment, PlanSource source, string? method)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Open(environment, source, plan => method ?? (source.Sets(MethodName) ? null : plan.Method), options: null);
    }

    /// <summary>Finds it all, as the plan was trained, or is to be.</summary>
    /// <exception cref="DasSearchException">Plan, settings or checkpoint cannot be found, or do not belong together.</exception>
    public static PlannedWork Open(AppEnvironment environment, PlanSource source) =>
        Open(environment, source, static plan => plan.Result?.Method ?? plan.Method, static plan => plan.Result?.Options);

    private static PlannedWork Open(
        AppEnvironment environment, PlanSource source, Func<SkipPlan, string?> methodOf, Func<SkipPlan, IReadOnlyDictionary<string, string>?>? options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(source);
        var plan = PlanFile.Read(source.Plan);
        var settings = Configure(environment, plan, source);
        var (method, configured) = (methodOf(plan) ?? settings.Values.Method.Name, settings.Values.Method);
        var own = source.Sets(MethodName) ? Configure(environment, plan, source.Without(MethodName)).Values.Method.Name : configured.Name;
        var known = options?.Invoke(plan) ?? configured.Options
            .Where(option => own == method || source.Sets("method." + option.Key)).ToDictionary(StringComparer.Ordinal);
        settings = settings with { Values = settings.Values with { Method = new MethodConfig { Name = method, Options = known } } };
        if (settings.Values.Task != plan.Task || settings.Values.Backbone != plan.Backbone)
        {
            throw new DasSearchException(
                $"{source.Plan} is for {plan.Task} on {plan.Backbone}, but the settings are for {settings.Values.Task} on {settings.Values.Backbone}");
        }

        if (settings.Values.Granularity != plan.Granularity)
        {
            throw new DasSearchException(
                $"{source.Plan} is a plan of {EnumNames.NameOf(plan.Granularity)}, but granularity is {EnumNames.NameOf(settings.Values.Granularity)} in the settings");
        }

        if (options is not null && plan.Result is { } trained && source.Set.FirstOrDefault(PlanSource.IsOfMethod) is { } other)
        {
            throw new UsageException($"--set {other} is for a training, and {source.Plan} is trained, by {trained.Method} with settings of its own");
        }

        var checkpoint = new PlanFiles(plan, source.Plan, source.Database).Checkpoint(source.Checkpoint, settings.Path);
        if (source.Sets("checkpoint") && (settings.Values.Checkpoint is not { } named || settings.FullPath(named) != checkpoint))
        {
            throw new UsageException("--set checkpoint is for searches, since a plan says itself which one it is for: --checkpoint FILE names where that lies");
        }

        return new PlannedWork(
            plan,
            settings,
            checkpoint,
            KeepsSizes: options is not null || !source.Without(MethodName).Set.Any(static set => PlanSource.IsOfMethod(set) || set.StartsWith("adapters.", StringComparison.Ordinal)));
    }

    /// <summary>What the plan's network is built from.</summary>
    internal NetworkRequest Planned(AppEnvironment environment, IVisionLanguageTask task, TorchSharp.torch.Device device, long seed) =>
        Request(environment, task, device).Planned(Plan, seed, KeepsSizes);

    /// <summary>The same with the method's settings of a request, which go before the plan's sizes.</summary>
    internal PlannedWork WithSizes(NetworkRequest request) => this with
    {
        Settings = Settings with { Values = Settings.Values with { Method = Settings.Values.Method with { Options = request.Transfer.Options } } },
        KeepsSizes = false,
    };

    /// <summary>What any network on its backbone is built from.</summary>
    internal NetworkRequest Request(AppEnvironment environment, IVisionLanguageTask task, TorchSharp.torch.Device device) =>
        environment.Supernet(Settings.Values, Checkpoint, task, device);

    private static ResolvedConfig<RunConfig> Configure(AppEnvironment environment, SkipPlan plan, PlanSource source)
    {
        if (source.Config is { } file)
        {
            return environment.Load(file, source.Set);
        }

        if (plan.Provenance is not { Run: { } run, ConfigSha256: not null })
        {
            throw new UsageException($"{source.Plan} came of no run: name its settings with --config FILE");
        }

        using var store = source.Open();
        var stored = StoredConfig.Of(RunOf(plan, source, store));
        return source.Set.Count == 0
            ? stored
            : ConfigFile.Parse<RunConfig>(stored.Text, $"the settings of run {run}", stored.Path, source.Set);
    }

    /// <summary>The run that a plan came of, which it says.</summary>
    /// <exception cref="DasSearchException">The database has none of that number, or another one.</exception>
    internal static RunDetails RunOf(SkipPlan plan, PlanSource source, IRunStore store)
    {
        var details = store.Read.Run(plan.Provenance.Run!.Value);
        return details.ConfigSha256 == plan.Provenance.ConfigSha256
            ? details
            : throw new DasSearchException(
                $"{source.Plan} came of another run {plan.Provenance.Run} than the one in {source.Database}: name its database with --db, or its settings with --config");
    }
}
