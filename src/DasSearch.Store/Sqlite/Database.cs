using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DasSearch.Store.Sqlite;

/// <summary>An open connection to a database of the right schema.</summary>
internal sealed class Database : IDisposable
{
    static Database()
    {
        // Columns such as multiply_accumulates are members such as MultiplyAccumulates.
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new Times());
    }

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

/// <summary>A statement that is prepared once and run with many values: what is written by the thousand.</summary>
/// <remarks>It speaks to SQLite directly, which spares the search for parameters by name that a command makes each time.</remarks>
internal sealed class Insert : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">Where it runs, within whatever transaction is open there.</param>
    /// <param name="sql">A statement with the parameters ?1, ?2 …</param>
    internal Insert(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    /// <summary>Runs it with integers, doubles, texts and nulls.</summary>
    /// <exception cref="SqliteException">It failed; the statement can be run again.</exception>
    internal void Run(params ReadOnlySpan<object?> values)
    {
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                SqliteException.ThrowExceptionForRC(Bind(i + 1, values[i]), _database);
            }

            var code = raw.sqlite3_step(_statement);
            if (code != raw.SQLITE_DONE)
            {
                SqliteException.ThrowExceptionForRC(code, _database);
            }
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement); // repeats the code of the step, which is told already
        }
    }

    private int Bind(int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, place),
        int number => raw.sqlite3_bind_int64(_statement, place, number),
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        double number => raw.sqlite3_bind_double(_statement, place, number),
        string text => raw.sqlite3_bind_text(_statement, place, text),
        _ => throw new ArgumentException($"Expected an integer, a double or a text, got {value.GetType()}.", nameof(value)),
    };
}
