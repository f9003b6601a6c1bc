using System.Globalization;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;

namespace DasSearch.Exports;

/// <summary>The network of a trained plan: sizes, blocks, head, and every weight that it has, and no other.</summary>
/// <param name="Config">The backbone's sizes.</param>
/// <param name="Blocks">The blocks in order, skipped ones included.</param>
/// <param name="Head">What stands behind the pooler.</param>
/// <param name="Weights">The weights by their official names; of floating type, of the shapes that the network has.</param>
/// <param name="Notes">What the user must know of how they were read.</param>
internal sealed record PlannedVilt(
    ViltConfig Config,
    IReadOnlyList<PlannedBlock> Blocks,
    PlannedHead Head,
    IReadOnlyDictionary<string, WeightTensor> Weights,
    IReadOnlyList<string> Notes)
{
    private const string HeadsKey = "heads";

    /// <summary>The option that names the number of heads.</summary>
    internal static ExportOption HeadsOption { get; } = new(
        HeadsKey, "attention heads, for checkpoints and settings that do not say; by default 64 wide");

    /// <summary>Reads the plan, its checkpoint and what it was trained to.</summary>
    /// <exception cref="DasSearchException">The plan is not trained or not for a ViLT, or its files do not fit it.</exception>
    internal static PlannedVilt Read(ExportRequest request)
    {
        var plan = request.Plan;
        if (plan.Backbone != "vilt")
        {
            throw new ExportException($"only networks on vilt can be exported so far, the plan's is on {plan.Backbone}");
        }

        var granularity = plan.Granularity;
        if (granularity == Granularity.SubLayers && plan.Modules % 2 != 0)
        {
            throw new ExportException($"the plan skips parts of blocks, which have two each, but is for {plan.Modules} modules");
        }

        var blocks = granularity == Granularity.Layers ? plan.Modules : plan.Modules / 2;
        PlannedBlocks.Check(plan, ViltCheckpoint.Modules(blocks, granularity));
        var files = new PlanFiles(plan, request.PlanPath, request.Database);
        var trained = SafetensorsFile.Open(files.Trained());
        var settings = PlanRun.Settings(request);
        var checkpoint = files.Checkpoint(request.Checkpoint, settings?.Path) is { } path ? SafetensorsFile.Open(path) : null;
        var weights = new ViltWeights(trained, checkpoint);
        var (head, notes) = (weights.Head(), new List<string>());
        var config = weights.Sizes(blocks) with { ImagesPerSample = head.Images };
        config = config with { Heads = Heads(request, settings?.Values.Model.Heads, checkpoint, config.Width, notes) };
        var side = config.PositionGrid * config.PatchSize;
        var backbone = ViltCosts.Describe(config, new InputShape(config.Vocabulary, config.TextLength, side, side, head.Images), granularity);
        var planned = PlannedBlocks.Of(plan, backbone);
        IEnumerable<ParameterShape> parameters =
        [
            .. ViltCheckpoint.Parameters(config, granularity, plan.Subnetwork),
            .. planned.SelectMany(static block => block.Adapters)
                .SelectMany(adapter => BottleneckAdapter.Shapes(adapter.Name, config.Width, adapter.Bottleneck)),
            .. head.Parameters(config.Width),
        ];
        return new PlannedVilt(config, planned, head, weights.Take(parameters), notes);
    }

    /// <summary>Makes sure that a file to be written is none of those that weights are read from while it is.</summary>
    /// <exception cref="ExportUsageException">It is one.</exception>
    internal void CheckOutput(string path)
    {
        if (Weights.Values.Any(weight => Path.GetFullPath(weight.Source) == Path.GetFullPath(path)))
        {
            throw new ExportUsageException($"the output {path} would replace what it is made of: name another one with -o");
        }
    }

    // Heads leave no trace in the weights' shapes.
    private static int Heads(ExportRequest request, int? searched, SafetensorsFile? checkpoint, int width, List<string> notes)
    {
        var written = checkpoint?.Metadata.GetValueOrDefault(HeadsKey);
        var said = written ?? searched?.ToString(CultureInfo.InvariantCulture);
        var asked = request.Options.GetValueOrDefault(HeadsKey);
        if (said is not null && asked is not null && said != asked)
        {
            throw new ExportUsageException($"heads is {asked}, but {(written is null ? "the search" : $"checkpoint {checkpoint!.Path}")} has {said}");
        }

        var usual = ViltCheckpoint.UsualHeads(width)?.ToString(CultureInfo.InvariantCulture);
        if (said is null && asked is null && usual is not null)
        {
            notes.Add($"neither checkpoint nor settings say how many heads there are: taken are {usual}, unless --option heads=N says otherwise");
        }

        var text = said ?? asked ?? usual ?? throw new ExportUsageException(
            $"neither checkpoint nor settings say how many heads there are, and the width, {width}, does not tell: --option heads=N does");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var heads) && heads > 0 && width % heads == 0
            ? heads
            : throw new ExportUsageException(
                $"heads must be a divisor of the width, {width}, not '{text}': --option heads=N says how many there are");
    }
}

/// <summary>What stands behind the pooler.</summary>
/// <param name="Name">Its name in official checkpoints, such as <c>vqa_classifier</c>.</param>
/// <param name="Images">Images of a sample: their summaries are read side by side.</param>
/// <param name="Hidden">Width between its two layers; null for a head of one layer, which ranks.</param>
/// <param name="Outputs">Width of the logits.</param>
internal sealed record PlannedHead(string Name, int Images, int? Hidden, int Outputs)
{
    /// <summary>Its parameters, behind a backbone of this width.</summary>
    internal IEnumerable<ParameterShape> Parameters(int width) => Hidden is { } hidden
        ?
        [
            new(Name + ".0.weight", [hidden, Images * width]),
            new(Name + ".0.bias", [hidden]),
            new(Name + ".1.weight", [hidden]),
            new(Name + ".1.bias", [hidden]),
            new(Name + ".3.weight", [Outputs, hidden]),
            new(Name + ".3.bias", [Outputs]),
        ]
        : [new(Name + ".weight", [Outputs, width]), new(Name + ".bias", [Outputs])];
}
