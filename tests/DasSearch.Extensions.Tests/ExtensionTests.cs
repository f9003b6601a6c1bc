using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;
using DasSearch.Data;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using DasSearch.Worker.Exhaustive;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Search;
using DasSearch.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Extensions.Tests;

/// <summary>A method, a backbone and a task that src/ knows nothing of, passed in: the whole search goes over them as over its own.</summary>
public sealed class ExtensionTests : IDisposable
{
    private const int Modules = 4;

    private static readonly PartTables _tables = new(
        new BackboneTable(TwoStreams.Entry), new TransferTable(new NormTuning(), new ScaleShift(), new Prompts(), new GainTransfer(), new DasTransfer(), new LinearTransfer()));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-extensions-");
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly MemoryTask _task = new();

    public static TheoryData<string> Methods => [.. _tables.Methods.All.Select(method => method.Name)];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Search_RunsToItsEnd_AndResumesExactly(string method)
    {
        var (whole, resumed) = (new Recorder(), new Recorder());
        var chosen = Search(method, whole, "whole", endAfter: null);
        Assert.Throws<OperationCanceledException>(() => { Search(method, resumed, "parts", endAfter: 6); });
        Assert.Equal(chosen, Search(method, resumed, "parts", endAfter: null));

        Assert.Equal(4, whole.Rounds.Count);
        Assert.All(whole.Rounds.SelectMany(round => round.Evaluations), one => Assert.Equal(EvaluationOutcome.Scored, one.Outcome));
        Assert.Equal(whole.Metrics, resumed.Metrics);
        Assert.Equal(
            whole.Rounds.SelectMany(round => round.Evaluations).Select(one => (one.Subnetwork, one.Loss)),
            resumed.Rounds.SelectMany(round => round.Evaluations).Select(one => (one.Subnetwork, one.Loss)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void CommonPrefixes_OfParallelStreams_AreSharedExactly(string method)
    {
        using var network = TransferNetwork.Build(Request(method));
        var meter = new ExhaustiveMeter(network, _task, CPU);
        var scores = meter.Measure(2, Split.Validation, batchSize: 12, (_, _) => { }, CancellationToken.None);

        Assert.Equal(18, meter.ModulesRun); // of a tree: 2 + 4 + 6 + 6
        Assert.All(scores, score =>
        {
            var alone = TaskEvaluation.Score(network, _task, Split.Validation, score.Subnetwork, 12, CancellationToken.None);
            Assert.Equal(alone.Loss, score.Loss, 1e-6);
            Assert.Equal(alone.Accuracy, score.Accuracy, 1e-9);
        });
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Summary_OfAnySubnetwork_IsThatOfAllTokens(string method)
    {
        using var unrecorded = no_grad();
        using var backbone = TwoStreams.Entry.Load(new BackboneRequest { Input = TransferNetwork.ShapeOf(_task.Facts) }).Backbone;
        using var attached = _tables.Methods.Named(method).AttachWhole(new AttachRequest(backbone, new TransferSettings(), CPU, []));
        using var batch = _task.Batch(Split.Train, 0, 0, 6);
        var input = new BackboneInput(batch.Texts.Ids, batch.Texts.Mask, batch.Images[0]);
        foreach (var skipped in Enumerable.Range(0, Modules + 1).SelectMany(skip => Combinations.All(Modules, skip)))
        {
            var state = backbone.Embed(input, attached.Attachments).State();
            for (var i = 0; i < Modules; i++)
            {
                state = backbone.Next(state, i, skipped, attached.Attachments);
            }

            var whole = backbone.Finish(state, FeatureKind.Summary, attached.Attachments).Summary!;
            Assert.True(backbone.Run(input, skipped, attached.Attachments).Summary!.allclose(whole, 1e-5, 1e-6), $"without {skipped}");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Costs_OfAMethod_AreWhatItsNetworkHas(string method)
    {
        using var network = TransferNetwork.Build(Request(method));
        var (costs, whole) = (network.Costs(), network.Costs().Of(Subnetwork.Whole(Modules)));
        var replacing = costs.Modules.Sum(module => module.ReplacementParameters);

        Assert.Equal(network.CountParameters(), whole.TotalParameters + replacing);
        Assert.Equal(network.Trained.Sum(parameter => parameter.Parameter.numel()), whole.TrainableParameters + replacing);
    }

    [Fact]
    public void Merge_OfScaleShift_GivesTheSameWithoutIt()
    {
        using var unrecorded = no_grad();
        using var backbone = TwoStreams.Entry.Load(new BackboneRequest { Input = TransferNetwork.ShapeOf(_task.Facts) }).Backbone;
        using var attached = new ScaleShift().Attach(new AttachRequest(backbone, new TransferSettings(), CPU, []));
        using var batch = _task.Batch(Split.Train, 0, 0, 6);
        var (input, skipped) = (new BackboneInput(batch.Texts.Ids, batch.Texts.Mask, batch.Images[0]), new Subnetwork(Modules, [1]));
        var (with, without) = (backbone.Run(input, skipped, attached.Attachments).Summary!, backbone.Run(input, skipped, Attachments.None).Summary!);
        attached.Merge(backbone);

        Assert.True(backbone.Run(input, skipped, Attachments.None).Summary!.allclose(with, 1e-5, 1e-6));
        Assert.False(without.allclose(with, 1e-3, 1e-3));
        using var adapters = new DasTransfer().Attach(new AttachRequest(backbone, new TransferSettings(), CPU, []));
        Assert.Throws<InvalidOperationException>(() => adapters.Merge(backbone));
    }

    [Fact]
    public void Readme_ShowsAMethod_ThatIsTheOneOfTheseTests()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "DasSearch.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var source = File.ReadAllText(Path.Combine(root, "tests", "DasSearch.Extensions.Tests", "GainTransfer.cs"));
        var shown = source[source.IndexOf("/// <summary>", StringComparison.Ordinal)..].TrimEnd();
        Assert.Contains($"```csharp\n{shown}\n```", File.ReadAllText(Path.Combine(root, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_ThatAreNotThere_ListThoseThatAre()
    {
        var backbone = Assert.Throws<ConfigException>(() => { NetworkRequest.Supernet(Config("das") with { Backbone = "vilt" }, null, _task, CPU, _tables); });
        var method = Assert.Throws<ConfigException>(() => { NetworkRequest.Supernet(Config("lora"), null, _task, CPU, _tables); });
        var option = Assert.Throws<ConfigException>(() =>
        {
            NetworkRequest.Supernet(
                Config("das") with { Method = new() { Name = "das", Options = new Dictionary<string, string> { ["rank"] = "4" } } }, null, _task, CPU, _tables);
        });
        Assert.Equal("backbone must be two-streams, not 'vilt'", backbone.Message);
        Assert.Equal("method.name must be layer-norm or scale-shift or prompts or gain or das or linear, not 'lora'", method.Message);
        Assert.Equal("method.rank is no setting of das, which has none of its own", option.Message);
        var place = Assert.Throws<DasSearchException>(() => { TransferNetwork.Build(Request("das") with { Method = new Misplaced() }); });
        Assert.Equal("something is attached to the sub-layer layers.9, which the backbone does not have", place.Message);
    }

    private static RunConfig Config(string method) => new RunConfig
    {
        Task = "memory",
        Backbone = "two-streams",
        Seed = 3,
        Skip = 2,
        Method = new() { Name = method },
        Adapters = new() { SkipBottleneck = 4, ParallelBottleneck = 2 },
        Search = new() { Epochs = 3, WarmUpEpochs = 1, StepsBetweenRounds = 2, BatchSize = 6, LearningRate = 1e-2 },
    }.Resolved();

    private NetworkRequest Request(string method) => NetworkRequest.Supernet(Config(method), checkpoint: null, _task, CPU, _tables);

    private Subnetwork Search(string method, Recorder recorder, string folder, long? endAfter)
    {
        var config = Config(method);
        var (space, state) = (SkipSpace.Of(Modules, config.Skip), new TrainingState(Path.Combine(_folder.FullName, folder), "sha", "search"));
        using var network = TransferNetwork.Build(Request(method));
        using var cancellation = new CancellationTokenSource();
        var controller = ControllerTable.Create("das", new ControllerSettings(Modules, config.Skip, 1));
        var schedule = new SearchSchedule(config.Search, _task.Facts.BatchesOf(Split.Train, config.Search.BatchSize));
        if (schedule.RoundsBefore(state.Done) is var rounds and > 0)
        {
            controller.Restore(recorder.Rounds[rounds - 1].After);
        }

        var setup = new SearchSetup
        {
            Config = config, Network = network, Task = _task, Space = space, Controller = controller, Recorder = recorder,
        };
        return new Searcher(setup).Run(state, new Watcher(batch => { if (batch == endAfter) { cancellation.Cancel(); } }), cancellation.Token);
    }

    private sealed class Misplaced : ITransferMethod
    {
        public string Name => "misplaced";

        public string Summary => "where there is nothing";

        public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings) => AddedCosts.Nothing(backbone);

        public Attached Attach(AttachRequest request)
        {
            using var adapters = new DasTransfer().Attach(request);
            return new Attached { Attachments = new Attachments { Branches = new Dictionary<string, Branch> { ["layers.9"] = adapters.Attachments.Branches.Values.First() } } };
        }
    }

    private sealed class Recorder : IRunRecorder
    {
        private readonly SortedDictionary<int, Round> _rounds = [];

        internal IReadOnlyList<Round> Rounds => [.. _rounds.Values];

        internal SortedDictionary<(string Name, long Step), double?> Metrics { get; } = [];

        public void Record(Round round) => _rounds[round.Number] = round;

        public void Record(IReadOnlyList<Metric> metrics)
        {
            foreach (var metric in metrics)
            {
                Metrics[(metric.Name, metric.Step)] = metric.Value;
            }
        }

        public void Saved(int rounds)
        {
        }
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
