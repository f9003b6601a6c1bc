using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>What is the same for every target: where its output goes, and whether what was asked for makes sense.</summary>
public static class PlanExport
{
    // A plan that somebody sent must not make us list a billion modules.
    private const int MaximumModules = 4096;

    /// <summary>Checks the request, then exports.</summary>
    /// <exception cref="DasSearchException">
    /// An option is unknown, the output would replace what it is made of, or it cannot be written; or the target cannot
    /// express the plan.
    /// </exception>
    public static ExportResult Run(IPlanExporter exporter, ExportRequest request)
    {
        ArgumentNullException.ThrowIfNull(exporter);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Plan.Modules > MaximumModules)
        {
            throw new ExportException(
                $"{request.PlanPath} is for {request.Plan.Modules} modules, more than the {MaximumModules} that a backbone may have");
        }

        CheckOptions(exporter, request.Options.Keys);
        var sources = new PlanFiles(request.Plan, request.PlanPath).Places(request.Checkpoint);
        exporter.Claim(new OutputGuard(request.IsForced, "-o", [request.PlanPath, request.Database, .. sources]), request);
        return exporter.Export(request);
    }

    /// <summary>Where the output goes if the user does not say: beside the plan, under its name.</summary>
    public static string DefaultOutput(IPlanExporter exporter, string planPath)
    {
        ArgumentNullException.ThrowIfNull(exporter);
        ArgumentException.ThrowIfNullOrEmpty(planPath);
        var name = planPath;
        foreach (var ending in new[] { ".json", ".plan" })
        {
            name = name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) && Path.GetFileName(name).Length > ending.Length
                ? name[..^ending.Length]
                : name;
        }

        return name + exporter.Suffix;
    }

    /// <summary>Reads options as people write them.</summary>
    /// <param name="options">Each as <c>KEY=VALUE</c>.</param>
    /// <exception cref="UsageException">One is written otherwise, or is there twice.</exception>
    public static IReadOnlyDictionary<string, string> ParseOptions(IEnumerable<string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in options)
        {
            var at = option.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                throw new UsageException($"--option must be KEY=VALUE, not '{option}'");
            }

            if (!values.TryAdd(option[..at], option[(at + 1)..]))
            {
                throw new UsageException($"--option {option[..at]} is there twice");
            }
        }

        return values;
    }

    private static void CheckOptions(IPlanExporter exporter, IEnumerable<string> given)
    {
        var known = exporter.Options.Select(option => option.Key).ToList();
        if (given.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
        {
            throw new ExportUsageException(
                known.Count == 0
                    ? $"--option {unknown}: {exporter.Name} has no options"
                    : $"--option {unknown}: {exporter.Name} has no such option, only {string.Join(", ", known)}");
        }
    }
}
