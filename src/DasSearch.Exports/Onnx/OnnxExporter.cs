using System.Globalization;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>The planned network as one ONNX file, for ONNX Runtime and all else that reads the format.</summary>
internal sealed class OnnxExporter : IPlanExporter
{
    public string Name => "onnx";

    public string Summary => "the trained network as one ONNX file, with a batch of any size";

    public IReadOnlyList<ExportOption> Options { get; } = [ImageSize.Option, PlannedVilt.MergedOption, PlannedVilt.HeadsOption];

    public void Claim(OutputGuard guard, ExportRequest request) => guard.Claim(request.Output, OnnxFile.Kind);

    public ExportResult Export(ExportRequest request)
    {
        var network = PlannedVilt.Read(request);
        network.CheckOutput(request.Output);
        var (patchSize, grid) = (network.Config.PatchSize, network.Config.PositionGrid);
        var asked = request.Options.GetValueOrDefault(ImageSize.Option.Key);
        var image = asked is null ? new ImageSize(grid * patchSize, grid * patchSize) : ImageSize.Parse(asked, patchSize);
        var graph = ViltGraph.Build(network, image);
        OnnxFile.Write(request.Output, graph, $"{request.Plan.Backbone} for {request.Plan.Task}", ToolVersion.Text, Facts(request.Plan, network));
        var note = $"images are of {image} pixels, as the checkpoint's were: --option image=HxW for others";
        return new ExportResult([request.Output], asked is null ? [.. network.Notes, note] : network.Notes);
    }

    private static IEnumerable<KeyValuePair<string, string>> Facts(SkipPlan plan, PlannedVilt network) =>
    [
        new("das.plan_sha256", PlanHash.Of(plan)),
        new("das.tool_version", ToolVersion.Text),
        new("das.backbone", plan.Backbone),
        new("das.task", plan.Task),
        new("das.skip", plan.Subnetwork.ToString()),
        new("das.method", plan.Result!.Method),
        new("das.merged", network.IsMerged ? "true" : "false"),
        new("das.checkpoint_sha256", plan.Provenance.CheckpointSha256 ?? ""),
        new("das.weights_sha256", plan.Result.WeightsSha256 ?? ""),
    ];
}

/// <summary>The size of the images that a network reads.</summary>
internal readonly record struct ImageSize(int Height, int Width)
{
    private const int Maximum = 100_000;

    /// <summary>The option that names it.</summary>
    internal static ExportOption Option { get; } = new(
        "image", "size of the images, such as 384 or 384x608 (height x width); by default that of the checkpoint's position table");

    /// <summary>Reads it.</summary>
    /// <param name="patchSize">Side of a patch, in pixels: a divisor of both.</param>
    /// <exception cref="ExportUsageException">It is no such size.</exception>
    internal static ImageSize Parse(string text, int patchSize)
    {
        var sides = text.Split('x').Select(side => Side(side, patchSize)).ToArray();
        return sides switch
        {
            [{ } side] => new ImageSize(side, side),
            [{ } height, { } width] => new ImageSize(height, width),
            _ => throw new ExportUsageException(
                $"image must be a size such as {12 * patchSize} or {12 * patchSize}x{19 * patchSize}, "
                + $"in multiples of the patches' {patchSize} pixels, not '{text}'"),
        };
    }

    public override string ToString() => FormattableString.Invariant($"{Height}×{Width}");

    private static int? Side(string text, int patchSize) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side)
        && side is > 0 and <= Maximum
        && side % patchSize == 0
            ? side
            : null;
}
