using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Tasks;
using DasSearch.Formats;
using DasSearch.Store;
using DasSearch.Store.Memory;
using DasSearch.Worker.Search;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;

namespace DasSearch.App.Tests;

/// <summary>Searches that are interrupted and resumed, over a tiny ViLT of fresh weights on a few real samples: the same for every store.</summary>
public abstract class SearchSessionTests : IDisposable
{
    private const string Settings = """
        name: tiny
        task: fashionvl-vqa
        backbone: vilt
        threads: 1
        seed: 5
        skip: 2
        model: {width: 16, layers: 4, heads: 2, patch_size: 28}
        search: {epochs: 3, warm_up_epochs: 1, steps_between_rounds: 2, batch_size: 6, learning_rate: 0.01}
        adapters: {skip_bottleneck: 4, parallel_bottleneck: 2}
        """;

    // Few samples, whatever the task: an epoch has four batches.
    private static readonly AppEnvironment _environment = new(Environment.GetEnvironmentVariable)
    {
        Tasks = name => new TaskEntry(name, "a task with few samples", (_, _) => new SmallTask(name)),
    };

    private readonly IRunStore _store;

    protected SearchSessionTests(IRunStore store) => _store = store;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(10)]
    public void Search_InterruptedAndResumed_EndsAsIfItHadNotBeen(long batch)
    {
        var whole = Begin();
        Assert.Throws<OperationCanceledException>(() => { Begin(endAfter: batch); });
        Assert.Equal(RunStatus.Interrupted, _store.Read.Run(2).Summary.Status);
        var resumed = Resume("2");

        Assert.Equal(whole.Plan.Subnetwork, resumed.Plan.Subnetwork);
        Assert.Equal((RunStatus.Done, 4), (resumed.Run.Status, resumed.Run.Rounds));
        AssertSame();
    }

    [Fact]
    public void Search_SureEnough_EndsEarly_AndResumedAsWell()
    {
        // Whatever the choice, no other one can have that much more.
        string[] sure = ["stop.error=0.5", "stop.tolerance=1", "search.steps_between_rounds=1"];
        var whole = Begin(sure);
        Assert.True(whole.Stop!.IsSure);
        Assert.Equal(3, whole.Run.Rounds);

        var first = _store.Read.Metrics(1, Searcher.StopError).First().Step;
        Assert.Throws<OperationCanceledException>(() => { Begin(sure, first); });
        Assert.Equal(3, Resume("2").Run.Rounds);
        AssertSame();
    }

    [Fact]
    public void Search_ThatFails_SaysWhyInTheStore()
    {
        Assert.Throws<InvalidOperationException>(() => { Begin(learnt: _ => throw new InvalidOperationException("It broke.\nThere.")); });
        var run = _store.Read.Run(1).Summary;
        Assert.Equal((RunStatus.Failed, "It broke."), (run.Status, run.Problem));
    }

    [Fact]
    public void Resume_OfARunThatIsDone_NamesTheCommandForItsPlan()
    {
        Begin();
        var refused = Assert.Throws<DasSearchException>(() => Resume("1"));
        Assert.Equal("run 1 is done: das plan 1 writes its plan", refused.Message);
    }

    [Fact]
    public void Resume_OfARunThatAnotherHas_IsRefused_AndLeavesItAsItIs()
    {
        Assert.Throws<OperationCanceledException>(() => { Begin(endAfter: 7); });
        using (_store.Lock(1))
        {
            Assert.Contains("another process", Assert.Throws<StoreException>(() => Resume("1")).Message, StringComparison.Ordinal);
        }

        Assert.Equal(RunStatus.Done, Resume("1").Run.Status);
    }

    [Fact]
    public void Build_OfSettingsThatFitNoBackbone_StoresNothing()
    {
        var settings = ConfigFile.Parse<RunConfig>(Settings, "the settings", path: null, ["skip=4"]);
        Assert.Throws<ConfigException>(() => SearchParts.Build(settings, _environment));
        Assert.Empty(_store.Read.Runs());
    }

    protected virtual void Dispose(bool disposing) => _store.Dispose();

    private SearchResult Begin(IReadOnlyList<string>? set = null, long? endAfter = null, Action<long>? learnt = null)
    {
        using var cancellation = new CancellationTokenSource();
        using var parts = SearchParts.Build(ConfigFile.Parse<RunConfig>(Settings, "the settings", path: null, set ?? []), _environment);
        using var session = SearchSession.Begin(_store, parts);
        return session.Search(new Watcher(learnt ?? Watch), static _ => { }, cancellation.Token);

        void Watch(long batch)
        {
            if (batch == endAfter)
            {
                cancellation.Cancel();
            }
        }
    }

    private SearchResult Resume(string run)
    {
        using var session = SearchSession.Resume(_store, run, _environment);
        return session.Search(new Watcher(static _ => { }), static _ => { }, CancellationToken.None);
    }

    // All that the first two runs recorded, but the times.
    private void AssertSame()
    {
        var (expected, actual) = (_store.Read.Rounds(1).ToList(), _store.Read.Rounds(2).ToList());
        Assert.Equal(expected.Select(round => round.After), actual.Select(round => round.After));
        Assert.Equal(expected.Select(round => round.Recommended), actual.Select(round => round.Recommended));
        Assert.Equal(
            expected.SelectMany(round => round.Evaluations).Select(one => (one.Subnetwork, one.Loss, one.Reward)),
            actual.SelectMany(round => round.Evaluations).Select(one => (one.Subnetwork, one.Loss, one.Reward)));
        Assert.Equal(_store.Read.Metrics(1), _store.Read.Metrics(2));
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

public sealed class MemorySearchSessionTests() : SearchSessionTests(new MemoryStore(TimeProvider.System));

public sealed class SqliteSearchSessionTests : SearchSessionTests
{
    private readonly DirectoryInfo _folder;

    public SqliteSearchSessionTests()
        : this(Directory.CreateTempSubdirectory("das-session-"))
    {
    }

    private SqliteSearchSessionTests(DirectoryInfo folder)
        : base(RunStore.Create(Path.Combine(folder.FullName, "runs.db"), TimeProvider.System)) => _folder = folder;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Delete(recursive: true);
    }
}
