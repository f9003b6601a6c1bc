using System.Diagnostics;
using System.Runtime.InteropServices;
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

    // What SQLite keeps beside a file that is being written.
    private static readonly string[] _logs = ["-wal", "-journal"];

    private readonly BusyHandler? _waiting; // as long as the connection, which calls it

    private Database(SqliteConnection connection, Failures failures, string path, BusyHandler? waiting = null)
    {
        (Connection, Failures, Path) = (connection, failures, path);
        _waiting = waiting;
    }

    internal SqliteConnection Connection { get; }

    internal Failures Failures { get; }

    /// <summary>The file in full.</summary>
    internal string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Connection.Dispose();
        GC.KeepAlive(_waiting);
    }

    /// <summary>Opens a file and brings it to the schema of this program.</summary>
    /// <remarks>A file that is there and may not be written, or lies where no file may be made, is read as it is.</remarks>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it is created where there is none.</param>
    /// <param name="patience">How long to wait for other programs that are writing.</param>
    /// <param name="migrations">The schema.</param>
    /// <param name="waiting">Told whenever that has taken more than a moment.</param>
    /// <exception cref="StoreException">It cannot be opened or is none of ours.</exception>
    internal static Database Open(string path, SqliteOpenMode mode, TimeSpan patience, Migrations migrations, Action<string>? waiting = null)
    {
        var full = System.IO.Path.GetFullPath(path);
        var failures = new Failures(full);
        return failures.Guard(() =>
        {
            try
            {
                return OpenToWrite(full, mode, new BusyHandler(patience, () => waiting?.Invoke($"waiting for another program that holds {path}…")), migrations);
            }
            catch (SqliteException refused) when (mode == SqliteOpenMode.ReadWrite && Failures.IsRefused(refused))
            {
                return OpenAsItIs(full, migrations);
            }
        });
    }

    /// <summary>Opens a file to read it alone.</summary>
    /// <param name="path">The file.</param>
    /// <param name="migrations">The schema.</param>
    /// <exception cref="StoreException">It cannot be opened or is none of ours.</exception>
    internal static Database OpenToRead(string path, Migrations migrations)
    {
        var full = System.IO.Path.GetFullPath(path);
        return new Failures(full).Guard(() =>
        {
            try
            {
                return OpenAt(full, new SqliteConnectionStringBuilder { DataSource = full, Mode = SqliteOpenMode.ReadOnly }, migrations);
            }
            catch (SqliteException refused) when (Failures.IsRefused(refused))
            {
                return OpenAsItIs(full, migrations);
            }
        });
    }

    private static Database OpenToWrite(string full, SqliteOpenMode mode, BusyHandler waiting, Migrations migrations)
    {
        var connection = Connect(new SqliteConnectionStringBuilder
        {
            DataSource = full,
            Mode = mode,
            ForeignKeys = true,
            DefaultTimeout = (int)Math.Ceiling(waiting.Patience.TotalSeconds),
        });
        try
        {
            waiting.Attach(connection);

            // In WAL mode NORMAL loses no consistency, and on a power cut at most the last rounds. A log of up to 16 MB, not 4, is
            // brought into the file less often, which a search waits for.
            connection.Execute("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000");
            migrations.Run(connection, full);
            return new Database(connection, new Failures(full), full, waiting);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file where nothing may be written: SQLite then has to be told that nobody changes it meanwhile.</summary>
    /// <param name="full">The file in full.</param>
    /// <param name="migrations">The schema.</param>
    /// <exception cref="StoreException">A part of it is in its log only, or it is none of ours.</exception>
    internal static Database OpenAsItIs(string full, Migrations migrations)
    {
        if (_logs.FirstOrDefault(ending => new FileInfo(full + ending) is { Exists: true, Length: > 0 }) is { } log)
        {
            throw new StoreException(
                $"the database {full} cannot be read where it is, since {System.IO.Path.GetFileName(full)}{log} holds a part of it that is not in the file yet: "
                + "copy both to a folder that you may write, and name the copy with --db");
        }

        return OpenAt(full, new SqliteConnectionStringBuilder { DataSource = new Uri(full).AbsoluteUri + "?immutable=1", Mode = SqliteOpenMode.ReadOnly }, migrations);
    }

    private static Database OpenAt(string full, SqliteConnectionStringBuilder address, Migrations migrations)
    {
        var connection = Connect(address);
        try
        {
            if (migrations.Check(connection, full) < migrations.Last)
            {
                connection = BroughtForward(connection, full, migrations);
            }

            return new Database(connection, new Failures(full), full);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // An older schema: a copy in memory has the one of this program, and is not written either, since nobody would find that again.
    private static SqliteConnection BroughtForward(SqliteConnection old, string full, Migrations migrations)
    {
        var copy = Connect(new SqliteConnectionStringBuilder { DataSource = ":memory:" });
        try
        {
            using (old)
            {
                old.BackupDatabase(copy);
            }

            migrations.Run(copy, full);
            copy.Execute("PRAGMA query_only = ON");
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(SqliteConnectionStringBuilder address)
    {
        address.Pooling = false; // a pool would keep the file open after the last use
        var connection = new SqliteConnection(address.ConnectionString);
        try
        {
            connection.Open();
            return connection;
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

/// <summary>Waits while other programs have the database, and says so once that takes more than a moment.</summary>
/// <remarks>SQLite calls it whenever a lock is another's; it has room for one, and the packages around it set none.</remarks>
/// <param name="patience">How long to wait.</param>
/// <param name="tell">Says so.</param>
internal sealed class BusyHandler(TimeSpan patience, Action tell)
{
    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(50);

    private Handler? _handler;
    private long _since;
    private bool _isTold;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Handler(nint argument, int times);

    internal TimeSpan Patience => patience;

    /// <summary>From now on the connection waits so.</summary>
    internal void Attach(SqliteConnection connection)
    {
        _handler = Wait;
        SqliteException.ThrowExceptionForRC(SetBusyHandler(connection.Handle!, _handler, 0), connection.Handle);
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_busy_handler", CallingConvention = CallingConvention.Cdecl)]
    private static extern int SetBusyHandler(sqlite3 database, Handler handler, nint argument);

    // Nothing may be thrown through SQLite.
    private int Wait(nint argument, int times)
    {
        if (times == 0)
        {
            (_since, _isTold) = (Stopwatch.GetTimestamp(), false);
        }

        var waited = Stopwatch.GetElapsedTime(_since);
        if (waited >= patience)
        {
            return 0;
        }

        if (waited >= _moment && !_isTold)
        {
            _isTold = true;
            try
            {
                tell();
            }
            catch (IOException)
            {
                // Nobody listens, and the lock is what matters.
            }
        }

        var (pause, left) = (TimeSpan.FromMilliseconds(1 + times), patience - waited);
        pause = pause < _longestPause ? pause : _longestPause;
        Thread.Sleep(pause < left ? pause : left);
        return 1;
    }
}
