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
    public static IReadOnlyList<PlanTarget> Targets { get; } = [.. ExporterTable.Standard.All.Select(static exporter => new PlanTarget(exporter.Name, exporter.Summary))];

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
    /// <exception cref="DasSearchException">There is no such target, or it cannot express the plan.</exception>
    public static byte[] Export(byte[] plan, string target, string database)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var exporter = ExporterTable.Standard.Named(target);
        var folder = Directory.CreateTempSubdirectory("das-export-");
        try
        {
            var file = Path.Combine(folder.FullName, "plan.json");
            File.WriteAllBytes(file, plan);
            var request = new ExportRequest(
                PlanFile.Read(file), file, PlanExport.DefaultOutput(exporter, file), database, Checkpoint: null, new Dictionary<string, string>());
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
public sealed record PlanTarget(string Name, string Summary);
