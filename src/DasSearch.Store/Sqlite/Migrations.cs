using Dapper;
using DasSearch.Formats;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Sqlite;

/// <summary>Brings a database forward to the schema that this program knows, one numbered step after the other.</summary>
/// <remarks>
/// The steps are the files Schema/001.sql, 002.sql …: one that was released is never edited again. A database carries
/// its number in <c>PRAGMA user_version</c>, and in <c>PRAGMA application_id</c> that it is one of das.
/// </remarks>
/// <param name="steps">The SQL that leads from one number to the next, the first from 0 to 1.</param>
internal sealed class Migrations(IReadOnlyList<string> steps)
{
    /// <summary>The number of the schema that they lead to.</summary>
    internal int Last => steps.Count;

    /// <summary>Those of this program.</summary>
    internal static Migrations Known { get; } = new(ReadSteps());

    /// <summary>Migrates, if need be; several programs may try at once.</summary>
    /// <exception cref="StoreException">The database belongs to another program, or its schema is newer.</exception>
    internal void Run(SqliteConnection connection, string path)
    {
        // In a transaction, since another program may be at it: what is read is all from before its steps, or all from after them.
        using (connection.BeginTransaction(deferred: true))
        {
            if (Check(connection, path) == steps.Count)
            {
                return;
            }
        }

        // Readers do not wait for the writer, nor the writer for them. Kept in the file; not possible in a transaction.
        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction();
        for (var version = Check(connection, path); version < steps.Count; version++)
        {
            connection.Execute(steps[version], transaction: transaction);
        }

        // A pragma takes no parameters; both are numbers of our own.
        connection.Execute($"PRAGMA user_version = {steps.Count}; PRAGMA application_id = {OutputGuard.DatabaseApplication}", transaction: transaction);
        transaction.Commit();
    }

    private static string[] ReadSteps()
    {
        var assembly = typeof(Migrations).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        })];
    }

    /// <summary>The number of a database's schema.</summary>
    /// <exception cref="StoreException">The database belongs to another program, or its schema is newer.</exception>
    internal int Check(SqliteConnection connection, string path)
    {
        var version = connection.ExecuteScalar<long>("PRAGMA user_version");
        var application = connection.ExecuteScalar<long>("PRAGMA application_id");
        var isNew = version == 0 && application == 0 && connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema") == 0;
        if (!isNew && application != OutputGuard.DatabaseApplication)
        {
            throw new StoreException($"{path} is no database of das: another program made it; name another file with --db");
        }

        return version <= steps.Count
            ? (int)version
            : throw new StoreException(
                $"the database {path} has schema {version}, but this das knows them up to {steps.Count}: use a newer das, or name another file with --db");
    }
}
