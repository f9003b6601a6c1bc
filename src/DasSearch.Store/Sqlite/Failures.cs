using System.Data;
using System.Text.Json;
using DasSearch.Formats;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Sqlite;

/// <summary>Turns what SQLite says into one sentence with the file, what happened and the remedy.</summary>
/// <param name="path">The database's file.</param>
internal sealed class Failures(string path)
{
    // Primary result codes: https://www.sqlite.org/rescode.html
    private const int Perm = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoErr = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CantOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>Whether a file, or what SQLite needs beside it, could not be written or made.</summary>
    internal static bool IsRefused(SqliteException failure) => failure.SqliteErrorCode is ReadOnly or Perm or CantOpen;

    internal T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException failure)
        {
            throw Explain(failure);
        }
        catch (DataException wrong) // a value of another type than its column's
        {
            throw Damaged(wrong);
        }
    }

    internal void Guard(Action action) => Guard(() =>
    {
        action();
        return true;
    });

    /// <summary>The same for rows that are read as they are asked for, and hold what das has written or are damaged.</summary>
    internal IEnumerable<T> Guard<T>(IEnumerable<T> rows)
    {
        using var row = Guard(rows.GetEnumerator);
        while (Sound(() => Guard(row.MoveNext)))
        {
            yield return row.Current;
        }
    }

    /// <summary>What a row says; what no row can say was written by somebody else, or is damaged.</summary>
    internal T Sound<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or OverflowException or InvalidOperationException
            or InvalidCastException or JsonException)
        {
            throw Damaged(wrong);
        }
    }

    internal StoreException Explain(SqliteException failure) => new(
        failure.SqliteErrorCode switch
        {
            _ when Directory.Exists(path) => $"the database {path} {InputFile.Problem(path, InputKind.Database)}",
            Busy or Locked => $"the database {path} is still locked by another program: end that one, or try again later",
            ReadOnly or Perm => $"the database {path} cannot be written: make the file and its folder writable, or name another file with --db",
            Corrupt => $"the database {path} is damaged: restore a copy, or save what is left with sqlite3's .recover command",
            Full => $"the disk that holds the database {path} is full: free some space, then resume the run; all that was stored before is kept",
            IoErr => $"the database {path} could not be read or written: the disk failed, or a file may not grow any more; mend that, then resume the run",
            CantOpen when Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder) =>
                $"the database {path} cannot be opened: there is no folder {folder}; create it, or name another file with --db",
            CantOpen => $"the database {path} cannot be opened: make the file and its folder readable and writable, or name another file with --db",
            NotADatabase when InputFile.Problem(path, InputKind.Database) is { } problem => $"{path} {problem}",
            NotADatabase => $"{path} is no database of das: it is not an SQLite file; name another file with --db",
            _ => $"the database {path} failed: {failure.Message}",
        },
        failure);

    private StoreException Damaged(Exception wrong) =>
        new($"the database {path} holds what das has not written: {wrong.Message.Split('\n')[0].Split(" (Parameter")[0]}; restore a copy", wrong);
}
