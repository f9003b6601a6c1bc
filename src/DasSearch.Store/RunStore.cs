using DasSearch.Store.Sqlite;

namespace DasSearch.Store;

/// <summary>Opens stores by their address: the one place that knows the back ends. An address is the path of an SQLite file.</summary>
public static class RunStore
{
    /// <summary>How long a writer waits for another one unless told otherwise.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    /// <summary>Opens a store to write, and creates it where there is none.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="time">The clock that recorded times come from.</param>
    /// <param name="patience">How long to wait for another writer; <see cref="DefaultPatience"/> by default.</param>
    /// <param name="waiting">Told, in a sentence's part, whenever another program has been waited for for more than a moment.</param>
    /// <exception cref="StoreException">It cannot be opened, is none of ours, or has a newer schema.</exception>
    public static IRunStore Create(string address, TimeProvider time, TimeSpan? patience = null, Action<string>? waiting = null) =>
        SqliteStore.Create(FileOf(address), time, patience ?? DefaultPatience, waiting);

    /// <summary>Opens a store that is there, to read or to go on with; one that may not be written, or lies where nothing may be, can be read.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="time">The clock that recorded times come from.</param>
    /// <param name="patience">How long to wait for another writer; <see cref="DefaultPatience"/> by default.</param>
    /// <param name="waiting">Told, in a sentence's part, whenever another program has been waited for for more than a moment.</param>
    /// <exception cref="StoreException">There is none, it cannot be opened, is none of ours, or has a newer schema.</exception>
    public static IRunStore Open(string address, TimeProvider time, TimeSpan? patience = null, Action<string>? waiting = null) =>
        SqliteStore.Open(FileOf(address), time, patience ?? DefaultPatience, waiting);

    /// <summary>Opens a store that is there for reading alone: nothing in it can change by that, and nobody who writes it ever waits.</summary>
    /// <remarks>One of an older schema is read from a copy in memory, which takes a while; <see cref="Open"/> brings it forward.</remarks>
    /// <param name="address">Its address.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StoreException">There is none, it cannot be opened, is none of ours, or has a newer schema.</exception>
    public static IRunStore OpenToRead(string address, TimeProvider time) => SqliteStore.OpenToRead(FileOf(address), time);

    /// <summary>Whether there is something at an address; <see cref="Open"/> says whether it is a store.</summary>
    /// <remarks>A file without a byte is nothing: another search is about to fill it.</remarks>
    public static bool Exists(string address) => new FileInfo(FileOf(address)) is { Exists: true, Length: > 0 };

    private static string FileOf(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        return address.Contains("://", StringComparison.Ordinal)
            ? throw new StoreException($"{address[..address.IndexOf(':', StringComparison.Ordinal)]} is no kind of store that this das knows: name a file with --db")
            : address;
    }
}
