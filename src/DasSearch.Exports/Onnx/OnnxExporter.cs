using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>The planned network as one ONNX file, for ONNX Runtime and all else that reads the format.</summary>
internal sealed class OnnxExporter : IPlanExporter
{
    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public string Summary => "the trained network as one ONNX file, with a batch of any size";

    /// <inheritdoc/>
    public IReadOnlyList<ExportOption> Options { get; } = [ImageSize.Option, PlannedVilt.HeadsOption];

    /// <inheritdoc/>
    public ExportResult Export(ExportRequest request)
    {
        var network = PlannedVilt.Read(request);
        network.CheckOutput(request.Output);
        var (patchSize, grid) = (network.Sizes.PatchSize, network.Sizes.Grid);
        var asked = request.Options.GetValueOrDefault(ImageSize.Option.Key);
        var image = asked is null ? new ImageSize(grid * patchSize, grid * patchSize) : ImageSize.Parse(asked, patchSize);
        var graph = ViltGraph.Build(network, image);
        OnnxFile.Write(request.Output, graph, $"{request.Plan.Backbone} for {request.Plan.Task}", ToolVersion.Text, Facts(request.Plan));
        var note = $"images are of {image} pixels, as the checkpoint's were: --option image=HxW for others";
        return new ExportResult([request.Output], asked is null ? [.. network.Notes, note] : network.Notes);
    }

    private static IEnumerable<KeyValuePair<string, string>> Facts(SkipPlan plan) =>
    [
        new("das.plan_sha256", PlanHash.Of(plan)),
        new("das.tool_version", ToolVersion.Text),
        new("das.backbone", plan.Backbone),
        new("das.task", plan.Task),
        new("das.skip", plan.Subnetwork.ToString()),
        new("das.checkpoint_sha256", plan.Provenance.CheckpointSha256 ?? ""),
        new("das.weights_sha256", plan.Result!.WeightsSha256 ?? ""),
    ];
}
