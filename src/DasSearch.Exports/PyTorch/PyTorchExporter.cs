using System.Globalization;
using System.Text;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>The planned network as one Python file that needs nothing but torch, with its weights beside it.</summary>
internal sealed class PyTorchExporter : IPlanExporter
{
    private const string Begin = "# <plan>";
    private const string End = "# </plan>\n";
    private const string BeginPieces = "# <pieces>";
    private const string EndPieces = "# </pieces>\n";
    private const string Maker = "made_by";
    private const string Making = "das export --to pytorch";

    private static readonly OutputKind _kind = OutputKind.Begins("Python file", "^\"\"\".*written by `das export --to pytorch`");
    private static readonly OutputKind _weightsKind = SafetensorsFile.Kind("file of weights", Maker, Making);

    public string Name => "pytorch";

    public string Summary => "the trained network as one readable Python file that needs only torch";

    public string Suffix => ".py";

    public IReadOnlyList<ExportOption> Options { get; } = [PlannedVilt.MergedOption, PlannedVilt.HeadsOption];

    public void Claim(OutputGuard guard, ExportRequest request)
    {
        guard.Claim(request.Output, _kind, needsFolder: true);
        guard.Claim(WeightsOf(request), _weightsKind, "output's file of weights", needsFolder: true);
    }

    public ExportResult Export(ExportRequest request)
    {
        var network = PlannedVilt.Read(request);
        var weights = WeightsOf(request);
        network.CheckOutput(request.Output);
        network.CheckOutput(weights);
        var plan = PythonPlan.Write(request.Plan, network, Path.GetFileName(weights));
        SafetensorsFile.Write(weights, network.Weights.Values, new Dictionary<string, string> { ["format"] = "pt", [Maker] = Making });
        OutputFile.Write(request.Output, file => file.Write(Encoding.UTF8.GetBytes(With(plan, PythonPieces.Code(network)))));
        return new ExportResult([request.Output, weights], network.Notes);
    }

    private static string WeightsOf(ExportRequest request) => Path.ChangeExtension(request.Output, ".weights.safetensors");

    // The file is a Python file of its own, so that it can be read and checked as one; its example gives way to the plan.
    private static string With(string plan, string pieces)
    {
        var text = Between(PythonPieces.Read("vilt.py"), Begin, $"{Begin} What the plan says; the rest of this file is the same for every plan.\n{plan}", End);
        return pieces.Length > 0
            ? Between(text, BeginPieces, pieces, EndPieces).Replace(EndPieces, "", StringComparison.Ordinal)
            : Between(text, BeginPieces, "", EndPieces).Replace("\n\n" + EndPieces, "", StringComparison.Ordinal);
    }

    private static string Between(string text, string begin, string middle, string end) =>
        text[..text.IndexOf(begin, StringComparison.Ordinal)] + middle + text[text.IndexOf(end, StringComparison.Ordinal)..];
}

/// <summary>What a plan says, as Python.</summary>
/// <remarks>Texts come from the plan, which may come from anyone: each is written so that it can be nothing but a text.</remarks>
internal static class PythonPlan
{
    /// <summary>The assignments between the marks of <c>vilt.py</c>.</summary>
    /// <param name="weights">The name of the file of weights.</param>
    internal static string Write(SkipPlan plan, PlannedVilt network, string weights)
    {
        var (sizes, head) = (network.Config, network.Head);
        var skipped = network.SkippedNames.Select(static name => $"    {Text(name)},\n");
        var pieces = network.Pieces.Select(piece => $"    {PythonPieces.Entry(piece, network)},\n");
        var ranks = sizes.Ranks.Where(rank => network.Weights.ContainsKey(rank.Key + ".0.weight"))
            .Select(static rank => $"    {Text(rank.Key)}: {Number(rank.Value)},\n");
        var provenance = Provenance(plan, network).Select(static fact => $"    {Text(fact.Key)}: {Text(fact.Value)},\n");
        return $$"""
            WEIGHTS = {{Text(weights)}}  # beside this file
            SIZES = dict(
                vocabulary={{Number(sizes.Vocabulary)}},
                text_length={{Number(sizes.TextLength)}},
                width={{Number(sizes.Width)}},
                layers={{Number(sizes.Layers)}},
                heads={{Number(sizes.Heads)}},
                feed_forward={{Number(sizes.FeedForwardRatio * sizes.Width)}},
                patch_size={{Number(sizes.PatchSize)}},
                grid={{Number(sizes.PositionGrid)}},
            )
            HEAD = dict(
                name={{Text(head.Name)}},
                images={{Number(head.Images)}},
                hidden={{Number(head.Hidden)}},  # None for a single layer, which ranks
                outputs={{Number(head.Outputs)}},
            )
            SKIP = [  # blocks, or parts of them, that are left out
            {{string.Concat(skipped)}}]
            PIECES = [  # what stands at places: its class, its name, its place and its sizes
            {{string.Concat(pieces)}}]
            RANKS = {  # linear layers that are two of a low rank
            {{string.Concat(ranks)}}}
            PARAMETERS = {{Number(plan.Accounting?.TotalParameters - network.MergedParameters)}}  # how many the plan accounts for
            PROVENANCE = {
            {{string.Concat(provenance)}}}

            """;
    }

    /// <summary>A text as a Python literal on one line.</summary>
    internal static string Text(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            // What might break the line, or show it in another order than it has, is written as a number.
            var isPlain = rune.IsAscii ? rune.Value is >= ' ' and < 0x7F and not ('"' or '\\') : Rune.IsLetterOrDigit(rune);
            literal.Append(isPlain ? rune.ToString() : FormattableString.Invariant($"\\U{rune.Value:x8}"));
        }

        return literal.Append('"').ToString();
    }

    private static IEnumerable<KeyValuePair<string, string>> Provenance(SkipPlan plan, PlannedVilt network) =>
    [
        new("plan_sha256", PlanHash.Of(plan)),
        new("das", ToolVersion.Text),
        new("backbone", plan.Backbone),
        new("task", plan.Task),
        new("method", plan.Result!.Method),
        new("merged", network.IsMerged ? "true" : "false"),
        new("run", plan.Provenance.RunName ?? ""),
        new("checkpoint_sha256", plan.Provenance.CheckpointSha256 ?? ""),
        new("weights_sha256", plan.Result.WeightsSha256 ?? ""),
    ];

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "None";

    private static string Real(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
