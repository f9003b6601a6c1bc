using DasSearch.Store.Memory;
using DasSearch.Store.Sqlite;

namespace DasSearch.Store.Tests;

/// <summary>A back end as the shared suites test it: a new one is a class here, and a line at the end of each suite.</summary>
public abstract class TestStores : IDisposable
{
    /// <summary>What its messages call the store.</summary>
    public abstract string Name { get; }

    /// <summary>A store that may be new; what was kept by one before it is there.</summary>
    public abstract IRunStore Open(TimeProvider time);

    public abstract void Dispose();
}

public sealed class SqliteStores : TestStores
{
    private readonly TemporaryFolder _folder = new();

    public override string Name => _folder.Database;

    public override IRunStore Open(TimeProvider time) => SqliteStore.Create(_folder.Database, time, TimeSpan.FromSeconds(1));

    public override void Dispose() => _folder.Dispose();
}

public sealed class MemoryStores : TestStores
{
    private MemoryStore? _store;

    public override string Name => "memory";

    // What it keeps is gone with it, but not before the test is.
    public override IRunStore Open(TimeProvider time) => _store ??= new MemoryStore(time);

    public override void Dispose() => _store?.Dispose();
}
