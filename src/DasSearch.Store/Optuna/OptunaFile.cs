using Dapper;
using DasSearch.Store.Connections;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Optuna;

/// <summary>Writes runs as studies of Optuna, in a file that <c>optuna.load_study</c> and optuna-dashboard open.</summary>
/// <remarks>
/// One study per run, which maximises the reward, and one trial per evaluation. What a study and a trial hold is told in
/// <see cref="OptunaStudy"/>. Evaluations are passed on row by row, so that a million fit into little memory.
/// </remarks>
public static class OptunaFile
{
    /// <summary>Writes beside the place first and renames, so that a failure leaves what was there.</summary>
    /// <param name="read">Where the runs are.</param>
    /// <param name="runs">Their numbers, each once; not empty.</param>
    /// <param name="path">The file.</param>
    /// <returns>How many trials there are.</returns>
    /// <exception cref="StoreException">There is no such run, a database fails, or the file cannot be written.</exception>
    public static long Write(RunReader read, IReadOnlyList<long> runs, string path)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.GetFullPath(path);
        var beside = $"{full}.{Environment.ProcessId}.new";
        try
        {
            File.Delete(beside);
            var trials = new Failures(full).Guard(() => Fill(read, runs, beside));
            File.Move(beside, full, overwrite: true);
            return trials;
        }
        catch (Exception failure)
        {
            Remove(beside);
            if (failure is IOException or UnauthorizedAccessException)
            {
                throw new StoreException($"{path} cannot be written: {failure.Message}", failure);
            }

            throw;
        }
    }

    private static long Fill(RunReader read, IReadOnlyList<long> runs, string path)
    {
        var address = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false };
        using var connection = new SqliteConnection(address.ConnectionString);
        connection.Open();

        // Nobody else knows the file yet, and if writing ends early it is thrown away: no journal is needed.
        connection.Execute("PRAGMA journal_mode = OFF");
        using var transaction = connection.BeginTransaction();
        connection.Execute(OptunaSchema.Sql, transaction: transaction);
        using var study = new OptunaStudy(connection);
        foreach (var run in runs)
        {
            study.Write(read, run);
        }

        transaction.Commit();
        return study.Trials;
    }

    private static void Remove(string beside)
    {
        try
        {
            File.Delete(beside);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What matters, that the file was not written, is told already.
        }
    }
}
