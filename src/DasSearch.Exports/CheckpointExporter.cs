using System.Globalization;
using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>The network with its method merged into the backbone, as a checkpoint under the official names.</summary>
/// <remarks>What stands in place of skipped modules lies beside the kept ones, and so does the head.</remarks>
internal sealed class CheckpointExporter : IPlanExporter
{
    private const string Maker = "made_by";
    private const string Making = "das export --to checkpoint";

    private static readonly OutputKind _kind = SafetensorsFile.Kind("checkpoint", Maker, Making);
    private static readonly string[] _handedOn = ["heads", "dropout"];

    public string Name => "checkpoint";

    public string Summary => "the trained network as a checkpoint under the official names, with its method merged into the backbone";

    public string Suffix => ".merged.safetensors";

    public IReadOnlyList<ExportOption> Options { get; } = [PlannedVilt.HeadsOption];

    public void Claim(OutputGuard guard, ExportRequest request) => guard.Claim(request.Output, _kind);

    public ExportResult Export(ExportRequest request)
    {
        var network = PlannedVilt.Read(request, merged: true);
        network.CheckOutput(request.Output);
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            [Maker] = Making,
            [MergedCheckpoint.MethodKey] = request.Plan.Result!.Method,
            ["plan_sha256"] = PlanHash.Of(request.Plan),
            ["skip"] = request.Plan.Subnetwork.ToString(),
        };
        foreach (var key in _handedOn.Where(network.Metadata.ContainsKey))
        {
            metadata[key] = network.Metadata[key];
        }

        metadata["heads"] = network.Config.Heads.ToString(CultureInfo.InvariantCulture);
        SafetensorsFile.Write(request.Output, network.Weights.Values, metadata);
        return new ExportResult([request.Output], [.. network.Notes, .. Notes(network)]);
    }

    private static IEnumerable<string> Notes(PlannedVilt network) => network.Skipped.Count == 0
        ? []
        : [$"it has no {string.Join(", ", network.SkippedNames)}, so that no other run can start from it: a run needs every module"];
}

/// <summary>What tells a checkpoint with a method in it from others.</summary>
internal static class MergedCheckpoint
{
    /// <summary>The name of the text that names the method.</summary>
    internal const string MethodKey = "merged_method";

    /// <summary>What a file has merged, as a sentence's end; null where it is none of these.</summary>
    internal static string? Problem(string path)
    {
        try
        {
            return SafetensorsFile.Open(path).Metadata.GetValueOrDefault(MethodKey) is { } method
                ? $"it holds {method} merged into the backbone, as das export --to checkpoint writes it"
                : null;
        }
        catch (DasSearchException)
        {
            return null; // something else
        }
    }
}
