using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;
using DasSearch.Data.Tasks;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Search;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Support;

/// <summary>A search over a tiny ViLT of fresh weights on real photos.</summary>
internal static class TinySearch
{
    internal const int Layers = 4;

    // Of methods that have some of them; for a width of 16.
    private static readonly Dictionary<string, string> _sizes = new(StringComparer.Ordinal)
    {
        ["tokens"] = "2", ["rank"] = "2", ["bottleneck"] = "2", ["channels"] = "2",
    };

    /// <summary>What a method is to add to a planned network, at sizes that fit.</summary>
    internal static TransferSettings Transfer(ITransferMethod method, Subnetwork absent) => new()
    {
        Adapters = Config.Adapters,
        Options = _sizes.Where(size => method.Options.Any(option => option.Name == size.Key)).ToDictionary(StringComparer.Ordinal),
        Absent = absent,
    };

    internal static RunConfig Config => new RunConfig
    {
        Task = "fashionvl-vqa",
        Backbone = "vilt",
        Seed = 5,
        Skip = 2,
        Model = new() { Width = 16, Layers = Layers, Heads = 2, PatchSize = 28 },
        Search = new() { Epochs = 3, WarmUpEpochs = 1, StepsBetweenRounds = 2, BatchSize = 6, LearningRate = 1e-2 },
        Adapters = new() { SkipBottleneck = 4, ParallelBottleneck = 2 },
    }.Resolved();

    internal static NetworkRequest Request(RunConfig config, IVisionLanguageTask task, string? checkpoint = null) =>
        NetworkRequest.Supernet(config, checkpoint, task, CPU);

    internal static TransferNetwork Network(RunConfig config, IVisionLanguageTask task) => TransferNetwork.Build(Request(config, task));

    internal static IController Controller(RunConfig config) =>
        ControllerTable.Create(config.Controller.Name, new ControllerSettings(Layers, config.Skip, config.Controller.LearningRate));

    private static StopRule? Stop(RunConfig config) => config.Stop is { Error: { } error, Tolerance: { } tolerance }
        ? new StopRule(new ControllerSettings(Layers, config.Skip), error, tolerance)
        : null;

    /// <summary>Searches from the beginning, with a folder for the state; ended after a batch if one is given. How a search goes on is up to the use cases.</summary>
    internal static Subnetwork Run(RunConfig config, MemoryRecorder recorder, string folder, long? endAfter = null)
    {
        var task = new SmallTask(config.Task);
        using var scope = NewDisposeScope();
        using var network = Network(config, task);
        using var cancellation = new CancellationTokenSource();
        var state = new TrainingState(folder, "sha", "search");
        var searcher = new Searcher(new SearchSetup
        {
            Config = config,
            Network = network,
            Task = task,
            Space = SkipSpace.Of(Layers, config.Skip),
            Controller = Controller(config),
            Stop = Stop(config),
            Recorder = recorder,
        });
        var chosen = searcher.Run(state, new Watcher(batch => { if (batch == endAfter) { cancellation.Cancel(); } }), cancellation.Token);
        state.Remove();
        return chosen;
    }

    private sealed class Watcher(Action<long> learnt) : ISearchProgress
    {
        public void Started(SearchSchedule schedule, long batch, ControllerState state)
        {
        }

        public void Learnt(long batch, double loss) => learnt(batch);

        public void Finished(Round round)
        {
        }

        public void Finished(int epoch, Subnetwork chosen, TaskScore score)
        {
        }
    }
}
