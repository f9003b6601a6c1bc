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
        Assert.Matches(@"^run 1 is done: das plan 1( --db \S+)? writes its plan$", refused.Message);
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
    public void Case22_EveryFileOfADamagedState_IsSaid_AndTheRunBeginsAnewOnceItIsRemoved()
    {
        var whole = Begin();
        Assert.Throws<OperationCanceledException>(() => { Begin(endAfter: 7); });
        string folder;
        using (var held = _store.Lock(2))
        {
            folder = held.Folder("search");
        }

        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["current", "model.safetensors", "optimizer.safetensors", "unevaluated"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var before = _store.Read.Run(2).Summary;
        foreach (var file in files)
        {
            var sound = File.ReadAllBytes(file);
            byte[][] damages =
            [
                [], sound[..1], sound[..(sound.Length / 2)], sound[..^2], [.. sound, 0], new byte[sound.Length], [.. sound[..^1], (byte)(sound[^1] ^ 1)],
                .. file.EndsWith("current", StringComparison.Ordinal) ? LinesOf(sound) : [],
            ];
            foreach (var damage in damages)
            {
                File.WriteAllBytes(file, damage);
                var said = Assert.Throws<DasSearchException>(() => Resume("2")).Message;
                Assert.StartsWith($"the saved state is damaged: remove the folder {folder}, and {ShellLine.Das(_store.Read.Run(2).Summary.Database, "resume", 2)} begins anew ({file}: ", said, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', said);
            }

            if (!file.EndsWith("current", StringComparison.Ordinal))
            {
                File.Delete(file);
                Assert.Contains("the saved state is damaged: ", Assert.Throws<DasSearchException>(() => Resume("2")).Message, StringComparison.Ordinal);
            }

            File.WriteAllBytes(file, sound);
        }

        // Nothing was lost meanwhile.
        Assert.Equal(before, _store.Read.Run(2).Summary);
        Directory.Delete(folder, recursive: true);
        var told = new List<string>();
        Assert.Equal(whole.Plan.Subnetwork, Resume("2", told.Add).Plan.Subnetwork);
        Assert.Single(told);
        AssertSame();

        // As a file system leaves it that was cut off between two lines.
        static IEnumerable<byte[]> LinesOf(byte[] text) => text.Index().Where(letter => letter.Item == (byte)'\n').Select(letter => text[..(letter.Index + 1)]).SkipLast(1);
    }

    [Fact]
    public void Case23_MissingState_IsToldBeforeTheRunBeginsAnew()
    {
        Begin();
        Assert.Throws<OperationCanceledException>(() => { Begin(endAfter: 7); });
        string folder;
        using (var held = _store.Lock(2))
        {
            folder = held.Folder("search");
        }

        var rounds = _store.Read.Run(2).Summary.Rounds;
        Directory.Delete(folder, recursive: true);
        var told = new List<(string Line, int Rounds)>();
        Assert.Equal(RunStatus.Done, Resume("2", line => told.Add((line, _store.Read.Run(2).Summary.Rounds))).Run.Status);
        Assert.Equal(
            [($"the saved state {folder} is not here, which belongs to the database: run 2 begins anew, and its {rounds} stored rounds with it", rounds)], told);
        AssertSame();
    }

    [Fact]
    public void Case23_StateOfAnotherRun_IsToldAndNothingChanges()
    {
        Assert.Throws<OperationCanceledException>(() => { Begin(["seed=6"], endAfter: 9); });
        Assert.Throws<OperationCanceledException>(() => { Begin(endAfter: 7); });
        string other, folder;
        using (var held = _store.Lock(1))
        {
            other = held.Folder("search");
        }

        using (var held = _store.Lock(2))
        {
            folder = held.Folder("search");
        }

        Directory.Delete(folder, recursive: true);
        Directory.Move(other, folder);
        var before = _store.Read.Run(2).Summary;
        Assert.Equal($"{folder} holds the state of a search with other settings: remove it, or write elsewhere", Assert.Throws<DasSearchException>(() => Resume("2")).Message);
        Assert.Equal(before, _store.Read.Run(2).Summary);
        Assert.True(Directory.Exists(folder));
    }

    [Fact]
    public void Case23_StateThatTheDatabaseIsBehind_IsToldAndNothingChanges()
    {
        Assert.Throws<OperationCanceledException>(() => { Begin(endAfter: 9); });
        _store.Reopen(1, rounds: 1).Dispose(); // as an older copy has it
        var said = Assert.Throws<DasSearchException>(() => Resume("1")).Message;
        Assert.Matches("^run 1 has 1 rounds, but the saved state .+ comes after [0-9]+: the database is an older copy, or the state is another's; .+ das resume 1( --db \\S+)? begins anew$", said);
        Assert.Equal(1, _store.Read.Run(1).Summary.Rounds);
    }

    [Fact]
    public void Resume_StateOfDasBeforeItsFilesWereHashed_GoesOn()
    {
        var whole = Begin();
        Assert.Throws<OperationCanceledException>(() => { Begin(endAfter: 7); });
        using (var held = _store.Lock(2))
        {
            var current = Path.Combine(held.Folder("search"), "current");
            File.WriteAllLines(current, File.ReadAllLines(current)[1..3]);
        }

        Assert.Equal(whole.Plan.Subnetwork, Resume("2").Plan.Subnetwork);
        AssertSame();
    }

    [Fact]
    public void Search_LookingAtFewerValidationSamples_HasTheSameRounds_AndOtherLosses()
    {
        Begin();
        Begin(["validation.samples=6"]); // of 12, a batch
        Assert.Equal(Scores(1), Scores(2));
        Assert.Equal((3, 3), (Losses(1).Count, Losses(2).Count)); // of each epoch
        Assert.All(Losses(1).Zip(Losses(2)), static losses => Assert.NotEqual(losses.First, losses.Second));

        IEnumerable<(Subnetwork, double?)> Scores(long run) => _store.Read.Rounds(run).SelectMany(static round => round.Evaluations).Select(static one => (one.Subnetwork, one.Loss));
        List<double?> Losses(long run) => [.. _store.Read.Metrics(run, "validation.loss").Select(static metric => metric.Value)];
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
        using var session = SearchSession.Begin(_store, parts, line => Assert.Fail(line));
        return session.Search(new Watcher(learnt ?? Watch), static _ => { }, cancellation.Token);

        void Watch(long batch)
        {
            if (batch == endAfter)
            {
                cancellation.Cancel();
            }
        }
    }

    private SearchResult Resume(string run, Action<string>? told = null)
    {
        using var session = SearchSession.Resume(_store, run, _environment, told ?? (line => Assert.Fail(line)));
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
