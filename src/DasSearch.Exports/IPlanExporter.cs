using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store;

namespace DasSearch.Exports;

/// <summary>Writes a plan in a form that another tool reads.</summary>
/// <remarks>
/// Whatever was at the output is replaced only as a whole: a failure leaves it as it was. Exports of a trained network may load
/// libtorch, all others do not.
/// A new target is one class and one line in <see cref="ExporterTable"/>, or is passed in with <see cref="ExporterTable.With"/>.
/// </remarks>
public interface IPlanExporter
{
    /// <summary>What <c>--to</c> names.</summary>
    string Name { get; }

    /// <summary>What it writes, in one line for the help.</summary>
    string Summary { get; }

    /// <summary>What the name of its output ends in where the user gives none, such as <c>.csv</c>; a folder's has no extension.</summary>
    string Suffix => "." + Name;

    /// <summary>The options that it knows, by key, each with what it means; none unless it says otherwise.</summary>
    IReadOnlyList<ExportOption> Options => [];

    /// <summary>Claims all that is going to be written, so that nothing of the user's is written over.</summary>
    /// <remarks>By default the output, of which nothing tells an older one from other files: only <c>--force</c> replaces it.</remarks>
    /// <exception cref="DasSearchException">It may not be written over, or cannot be written.</exception>
    void Claim(OutputGuard guard, ExportRequest request) => guard.Claim(request.Output, OutputKind.Unmarked);

    /// <summary>Writes the plan.</summary>
    /// <exception cref="DasSearchException">The target cannot express the plan, or the output cannot be written.</exception>
    ExportResult Export(ExportRequest request);
}

/// <summary>A key of <c>--option KEY=VALUE</c> that an exporter knows.</summary>
/// <param name="Summary">What it means, and its default.</param>
public sealed record ExportOption(string Key, string Summary);

/// <summary>What an exporter is to write, and where.</summary>
/// <param name="PlanPath">The file that it was read from, beside which its trained weights lie.</param>
/// <param name="Output">The file to write, or the folder where the target is one.</param>
/// <param name="Database">The database with the plan's run; null where there is none.</param>
/// <param name="Checkpoint">The checkpoint's file; null where none was named.</param>
/// <param name="Options">The values of the options that were given, by key; all of them are among the exporter's.</param>
public sealed record ExportRequest(
    SkipPlan Plan,
    string PlanPath,
    string Output,
    string? Database,
    string? Checkpoint,
    IReadOnlyDictionary<string, string> Options)
{
    /// <summary>Told while another program has the database; null where nobody wants to know.</summary>
    public Action<string>? Waiting { get; init; }

    /// <summary>Opens a database.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be opened.</exception>
    internal IRunStore Open(string database) => RunStore.Open(database, TimeProvider.System, waiting: Waiting);

    /// <summary>Whether files may be replaced that das did not write.</summary>
    public bool IsForced { get; init; }
}

/// <summary>What came of an export.</summary>
/// <param name="Files">The files written, the one to open first.</param>
/// <param name="Notes">Sentences that the user must know, such as what the target cannot express.</param>
public sealed record ExportResult(IReadOnlyList<string> Files, IReadOnlyList<string> Notes);

/// <summary>A plan could not be exported.</summary>
public class ExportException(string message, Exception? innerException = null) : DasSearchException(message, innerException);

/// <summary>A target or an option that does not exist was asked for: repeating the command cannot help.</summary>
public sealed class ExportUsageException(string message) : UsageException(message);
