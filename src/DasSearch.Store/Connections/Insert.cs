using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DasSearch.Store.Connections;

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
