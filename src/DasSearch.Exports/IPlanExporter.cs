using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>Writes a plan in a form that another tool reads.</summary>
/// <remarks>
/// Whatever was at the output is replaced only as a whole: a failure leaves it as it was. Nothing here loads libtorch.
/// A new target is one class and one line in <see cref="ExporterTable"/>.
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

    /// <summary>Writes the plan.</summary>
    /// <param name="request">What to write, and where.</param>
    /// <returns>The files written, and what the user must know of them.</returns>
    /// <exception cref="DasSearchException">The target cannot express the plan, or the output cannot be written.</exception>
    ExportResult Export(ExportRequest request);
}
