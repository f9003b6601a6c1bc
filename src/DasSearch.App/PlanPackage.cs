using System.Globalization;
using System.IO.Compression;
using System.Text;
using DasSearch.Core;
using DasSearch.Exports;
using DasSearch.Formats;
using DasSearch.Store;
using DasSearch.Transfer;

namespace DasSearch.App;

/// <summary>Plans and their exports as bytes, for those who have no folder of their own here.</summary>
public static class PlanPackage
{
    /// <summary>What plans can be exported as.</summary>
    public static IReadOnlyList<PlanTarget> Targets { get; } = [.. ExporterTable.Standard.All.Select(static exporter => new PlanTarget(
        exporter.Name, exporter.Summary, [.. exporter.Options.Select(static option => new PlanTargetOption(option.Key, option.Summary))]))];

    /// <summary>Where <c>das export</c> writes a plan where nobody says, beside it.</summary>
    /// <param name="target">What to write, of <see cref="Targets"/>.</param>
    /// <param name="plan">The plan's path.</param>
    /// <exception cref="UsageException">There is no such target.</exception>
    public static string OutputOf(string target, string plan) => PlanExport.DefaultOutput(ExporterTable.Standard.Named(target), plan);

    /// <summary>The very file that <c>das plan RUN --modules LIST -o FILE</c> writes.</summary>
    /// <param name="read">The store.</param>
    /// <param name="run">The run's number.</param>
    /// <param name="modules">Such as <c>2,5,7</c>, or <c>-</c> for none.</param>
    /// <exception cref="DasSearchException">There is no such run, or it does not yield such a plan.</exception>
    public static byte[] Plan(IRunReader read, long run, string modules)
    {
        var request = new PlanRequest { Modules = modules };
        return Encoding.UTF8.GetBytes(PlanFile.Format(PlanMaking.Make(read, run.ToString(CultureInfo.InvariantCulture), request, TransferTable.BuiltIn).Plan));
    }

    /// <summary>A plan as another tool reads it: an archive with the plan, what <c>das export</c> writes of it, and what has to be known of that.</summary>
    /// <param name="plan">As <see cref="Plan"/> gives it.</param>
    /// <param name="target">What to write, of <see cref="Targets"/>.</param>
    /// <param name="database">The database with its run.</param>
    /// <param name="options">Those of the target, each as <c>KEY=VALUE</c>.</param>
    /// <param name="checkpoint">Where the plan's checkpoint lies, for targets that need it; null for where the plan says.</param>
    /// <exception cref="DasSearchException">There is no such target or option, or it cannot express the plan.</exception>
    public static byte[] Export(byte[] plan, string target, string database, IEnumerable<string> options, string? checkpoint)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        var exporter = ExporterTable.Standard.Named(target);
        var folder = Directory.CreateTempSubdirectory("das-export-");
        try
        {
            var file = Path.Combine(folder.FullName, "plan.json");
            File.WriteAllBytes(file, plan);
            var request = new ExportRequest(
                PlanFile.Read(file), file, PlanExport.DefaultOutput(exporter, file), database, checkpoint, PlanExport.ParseOptions(options));
            var result = PlanExport.Run(exporter, request);
            if (result.Notes.Count > 0)
            {
                File.WriteAllLines(Path.Combine(folder.FullName, "notes.txt"), result.Notes);
            }

            using var packed = new MemoryStream();
            ZipFile.CreateFromDirectory(folder.FullName, packed);
            return packed.ToArray();
        }
        catch (DasSearchException failure) when (failure is not UsageException)
        {
            // Where the plan lies here is of no use to whoever takes it elsewhere.
            throw new DasSearchException(failure.Message.Replace(folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), failure);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>What a plan can be exported as.</summary>
/// <param name="Summary">What that is, in a line.</param>
/// <param name="Options">What can be chosen about it.</param>
public sealed record PlanTarget(string Name, string Summary, IReadOnlyList<PlanTargetOption> Options);

/// <summary>Something that can be chosen about a target.</summary>
/// <param name="Summary">What it means, and its default.</param>
public sealed record PlanTargetOption(string Key, string Summary);
