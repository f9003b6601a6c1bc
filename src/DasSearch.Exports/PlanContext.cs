using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store;

namespace DasSearch.Exports;

/// <summary>Finds the run that a plan came of.</summary>
internal static class PlanRun
{
    /// <summary>The run; null where the plan came of none, or the database has another one under its number.</summary>
    internal static RunDetails? Find(IRunReader read, SkipPlan plan)
    {
        if (plan.Provenance is not { Run: { } run, ConfigSha256: { } sha256 } || read.Runs().All(known => known.Run != run))
        {
            return null;
        }

        var details = read.Run(run);
        return details.ConfigSha256 == sha256 ? details : null;
    }

    /// <summary>The run's settings, and the file that they came from; null where they are not known.</summary>
    /// <exception cref="DasSearchException">The database cannot be read, or its settings cannot.</exception>
    internal static ResolvedConfig<RunConfig>? Settings(ExportRequest request)
    {
        if (request.Database is null)
        {
            return null;
        }

        using var store = request.Open(request.Database);
        return Find(store.Read, request.Plan) is { } run
            ? ConfigFile.Parse<RunConfig>(run.ConfigText, $"the settings of run {run.Summary.Run}", run.ConfigPath, [])
            : null;
    }

    /// <summary>The run.</summary>
    /// <exception cref="ExportException">The plan came of none, or the database has another one under its number.</exception>
    internal static RunDetails Get(IRunReader read, SkipPlan plan, string planPath, string database) =>
        Find(read, plan) ?? throw new ExportException(
            plan.Provenance.Run is { } run
                ? $"{planPath} came of another run {run} than the one in {database}: name its database with --db"
                : $"{planPath} came of no run, so there are no rewards behind it");
}

/// <summary>Which plan an export was made of.</summary>
internal static class PlanHash
{
    /// <summary>SHA-256 of the plan as das writes it, which is that of its file; in lower-case hexadecimal.</summary>
    internal static string Of(SkipPlan plan) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PlanFile.Format(plan))));
}

/// <summary>The version of das that writes.</summary>
internal static class ToolVersion
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    internal static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
