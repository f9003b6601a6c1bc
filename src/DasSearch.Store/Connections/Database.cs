using Dapper;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Connections;

/// <summary>An open connection to a database of the right schema.</summary>
internal sealed class Database : IDisposable
{
    private Database(SqliteConnection connection, Failures failures)
    {
        Connection = connection;
        Failures = failures;
    }

    internal SqliteConnection Connection { get; }

    internal Failures Failures { get; }

    /// <inheritdoc/>
    public void Dispose() => Connection.Dispose();

    /// <summary>Opens a file and brings it to the schema of this program.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it is created where there is none.</param>
    /// <param name="patience">How long to wait for other programs that are writing.</param>
    /// <param name="migrations">The schema.</param>
    /// <exception cref="StoreException">It cannot be opened or is none of ours.</exception>
    internal static Database Open(string path, SqliteOpenMode mode, TimeSpan patience, Migrations migrations)
    {
        var full = Path.GetFullPath(path);
        var failures = new Failures(full);
        var address = new SqliteConnectionStringBuilder
        {
            DataSource = full,
            Mode = mode,
            Pooling = false, // a pool would keep the file open after the last use
            ForeignKeys = true,
            DefaultTimeout = (int)Math.Ceiling(patience.TotalSeconds),
        };
        var connection = new SqliteConnection(address.ConnectionString);
        try
        {
            failures.Guard(() =>
            {
                connection.Open();

                // SQLite itself waits, too. In WAL mode NORMAL loses no consistency, and on a power cut at most the last rounds. A log
                // of up to 16 MB, not 4, is brought into the file less often, which a search waits for.
                connection.Execute(
                    $"PRAGMA busy_timeout = {(long)patience.TotalMilliseconds}; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000");
                migrations.Run(connection, full);
            });
            return new Database(connection, failures);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs something whole or not at all.</summary>
    internal void InTransaction(Action<SqliteTransaction> action) => Failures.Guard(() =>
    {
        using var transaction = Connection.BeginTransaction(deferred: false);
        action(transaction);
        transaction.Commit();
    });
}
