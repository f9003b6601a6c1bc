using DasSearch.Core;

namespace DasSearch.Store.Tests;

/// <summary>Files that belong to runs, and who may compute a run: the contract of every back end.</summary>
public abstract class ArtifactTests<TStores> : IDisposable
    where TStores : TestStores, new()
{
    private readonly TStores _stores = new();

    public void Dispose()
    {
        _stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Artifacts_OfEachRun_AreFoundAgain_AndReplaced()
    {
        using var store = _stores.Open(TimeProvider.System);
        store.Artifacts.Write(1, "supernet.safetensors", path => File.WriteAllText(path, "first"));
        store.Artifacts.Write(2, "supernet.safetensors", path => File.WriteAllText(path, "other"));
        store.Artifacts.Write(1, "supernet.safetensors", path => File.WriteAllText(path, "second"));
        Assert.Throws<StoreException>(() => store.Artifacts.Write(1, "supernet.safetensors", path =>
        {
            File.WriteAllText(path, "half");
            throw new IOException("the disk is full");
        }));
        Assert.Equal("second", File.ReadAllText(store.Artifacts.Find(1, "supernet.safetensors")));

        using var again = _stores.Open(TimeProvider.System);
        Assert.Equal("other", File.ReadAllText(again.Artifacts.Find(2, "supernet.safetensors")));
    }

    [Fact]
    public void Artifact_ThatIsNotThere_IsNamed()
    {
        using var store = _stores.Open(TimeProvider.System);
        var failure = Assert.Throws<StoreException>(() => store.Artifacts.Find(7, "supernet.safetensors"));
        Assert.Matches("^run 7 has no supernet at .+: a search keeps it there when it is done$", failure.Message);
    }

    [Fact]
    public void Lock_OfARun_IsOneProcesssAlone_AndKeepsItsFolders()
    {
        using var store = _stores.Open(TimeProvider.System);
        using (var held = store.Lock(1))
        {
            Assert.Matches("^run 1 is being computed by another process: .+ is locked$", Assert.Throws<StoreException>(() => store.Lock(1)).Message);
            store.Lock(2).Dispose();
            Directory.CreateDirectory(held.Folder("search"));
            File.WriteAllText(Path.Combine(held.Folder("search"), "state"), "half-way");
        }

        using (var again = store.Lock(1))
        {
            Assert.Equal("half-way", File.ReadAllText(Path.Combine(again.Folder("search"), "state")));
        }

        // Of another store that was here: who moved that may miss it.
        for (var time = 1; time <= 2; time++)
        {
            using var fresh = store.Lock(1, isNew: true);
            Assert.False(Directory.Exists(fresh.Folder("search")));
            Assert.EndsWith($"run-1.{time}", fresh.SetAside, StringComparison.Ordinal);
            Assert.Equal("half-way", File.ReadAllText(Path.Combine(fresh.SetAside!, "search", "state")));
            Directory.CreateDirectory(fresh.Folder("search"));
            File.WriteAllText(Path.Combine(fresh.Folder("search"), "state"), "half-way");
        }

        using var other = store.Lock(2, isNew: true);
        Assert.Null(other.SetAside);
    }

    [Fact]
    public void Case08_RunThatNoProcessHas_IsStopped_AndLookingChangesNothing()
    {
        using var store = _stores.Open(TimeProvider.System);
        using var recorder = store.Begin(Sample.Run());
        Assert.Equal(RunStatus.Stopped, store.Read.Run(1).Summary.Status); // its lock is not there
        string folder;
        using (var held = store.Lock(1))
        {
            folder = Directory.CreateDirectory(held.Folder("search")).Parent!.FullName;
            Assert.Equal(RunStatus.Running, store.Read.Runs().Single().Status);
            Assert.Equal(RunStatus.Running, store.Read.Find(Sample.Run().Config.Values.Name).Summary.Status);
        }

        // As after kill -9: the lock's file is there, and nobody has it.
        var before = Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order().ToList();
        Assert.Contains(Path.Combine(folder, "lock"), before);
        Assert.Equal(RunStatus.Stopped, store.Read.Runs().Single().Status);
        Assert.Equal(RunStatus.Stopped, store.Read.Find(Sample.Run().Config.Values.Name).Summary.Status);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order());

        recorder.Finish(RunStatus.Interrupted);
        Assert.Equal(RunStatus.Interrupted, store.Read.Run(1).Summary.Status);
    }

    [Fact]
    public async Task Lock_WhileOthersLook_IsTaken()
    {
        using var store = _stores.Open(TimeProvider.System);
        store.Begin(Sample.Run()).Dispose();
        using (var held = store.Lock(1))
        {
            Directory.CreateDirectory(held.Folder("search")); // so that the lock's file stays
        }

        using var other = _stores.Open(TimeProvider.System);
        using var end = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                _ = other.Read.Run(1).Summary.Status;
            }
        });
        for (var i = 0; i < 200; i++)
        {
            store.Lock(1).Dispose();
        }

        await end.CancelAsync();
        await looking;
    }
}

public sealed class SqliteArtifactTests : ArtifactTests<SqliteStores>
{
    [Fact]
    public void Files_LieBesideTheDatabase_WhereDasHasAlwaysKeptThem()
    {
        using var stores = new SqliteStores();
        using var store = stores.Open(TimeProvider.System);
        store.Artifacts.Write(3, "supernet.safetensors", path => File.WriteAllText(path, ""));
        Assert.Equal(stores.Name + ".supernets/run-3.safetensors", store.Artifacts.Find(3, "supernet.safetensors"));
        using (var held = store.Lock(3))
        {
            Assert.Equal(stores.Name + ".state/run-3/search", held.Folder("search"));
            Assert.True(File.Exists(stores.Name + ".state/run-3/lock"));
        }

        Assert.False(Directory.Exists(stores.Name + ".state")); // nothing to go on from
    }
}

public sealed class MemoryArtifactTests : ArtifactTests<MemoryStores>;

public sealed class AddressTests
{
    [Fact]
    public void Open_AddressOfAnUnknownKind_SaysSo()
    {
        var failure = Assert.Throws<StoreException>(() => RunStore.Open("postgres://localhost/das", TimeProvider.System));
        Assert.Equal("postgres is no kind of store that this das knows: name a file with --db", failure.Message);
        Assert.Throws<StoreException>(() => RunStore.Exists("postgres://localhost/das"));
    }
}
