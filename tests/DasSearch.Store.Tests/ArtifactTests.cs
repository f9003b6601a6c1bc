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

        using var fresh = store.Lock(1, isNew: true);
        Assert.False(Directory.Exists(fresh.Folder("search")));
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
