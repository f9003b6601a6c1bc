using DasSearch.Store;

namespace DasSearch.Dashboard;

/// <summary>Reads the database: each time by a connection of its own that cannot write, so that a file that was replaced is seen, and no search waits.</summary>
/// <param name="database">The file.</param>
/// <param name="time">The clock.</param>
internal sealed class Readings(string database, TimeProvider time) : IDisposable
{
    private const string Log = "-wal";

    // More at once would only take the processor from searches.
    private readonly SemaphoreSlim _turns = new(2);

    internal TimeProvider Time => time;

    /// <summary>Reads something, once it is its turn.</summary>
    /// <exception cref="StoreException">The database cannot be read.</exception>
    internal async Task<T> ReadAsync<T>(Func<IRunReader, T> read, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(
                () =>
                {
                    using var store = RunStore.OpenToRead(database, time);
                    return read(store.Read);
                },
                cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>What changes whenever something is stored; nothing is opened for it.</summary>
    internal FileStamp Stamp()
    {
        var (file, log) = (new FileInfo(database), new FileInfo(database + Log));
        return new FileStamp(
            file.Exists ? file.Length : 0, file.Exists ? file.LastWriteTimeUtc : default, log.Exists ? log.Length : 0, log.Exists ? log.LastWriteTimeUtc : default);
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}

/// <summary>The sizes of a database and its log, and when they were last written.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written, long LogLength, DateTime LogWritten);
