using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Models.Backbones;

namespace DasSearch.Exports;

/// <summary>The network of a trained plan: sizes, modules, what stands at its places, head, and every weight that it has, and no other.</summary>
/// <param name="Config">The backbone's sizes.</param>
/// <param name="Modules">The modules in order, skipped ones included.</param>
/// <param name="Skipped">Which of them are skipped.</param>
/// <param name="Pieces">What the method, unless it is merged, and replacements put at places.</param>
/// <param name="Head">What stands behind the pooler.</param>
/// <param name="Weights">The weights by their official names; finite, of the types and shapes that the network has.</param>
internal sealed record PlannedVilt(
    ViltConfig Config,
    IReadOnlyList<ModuleInfo> Modules,
    Subnetwork Skipped,
    IReadOnlyList<PlannedPiece> Pieces,
    PlannedHead Head,
    IReadOnlyDictionary<string, WeightTensor> Weights)
{
    private const string HeadsKey = "heads";
    private const string MergedKey = "merged";

    /// <summary>The option that names the number of heads.</summary>
    internal static ExportOption HeadsOption { get; } = new(
        HeadsKey, "attention heads, for checkpoints and settings that do not say; by default 64 wide");

    /// <summary>The option that says whether the method is merged.</summary>
    internal static ExportOption MergedOption { get; } = new(
        MergedKey, "true for the method merged into the backbone's weights, false for its own parts beside them; by default true where that is exact");

    /// <summary>Whether nothing of the method is left beside the backbone.</summary>
    internal required bool IsMerged { get; init; }

    /// <summary>How many parameters are no longer there since they are merged.</summary>
    internal long MergedParameters { get; init; }

    /// <summary>What the user must know of how it was read.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the backbone's checkpoint says of itself; nothing where there is none.</summary>
    internal IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The modules that are left out, by name.</summary>
    internal IEnumerable<string> SkippedNames => Skipped.Skipped.Select(i => Modules[i].Name);

    /// <summary>Reads the plan, its checkpoint and what it was trained to.</summary>
    /// <param name="merged">Whether the method is to be merged; null where that is exact, or as the request's option says.</param>
    /// <exception cref="DasSearchException">The plan is not trained or not for a ViLT, its files do not fit it, or it cannot be merged but is to be.</exception>
    internal static PlannedVilt Read(ExportRequest request, bool? merged = null)
    {
        var plan = request.Plan;
        if (plan.Backbone != "vilt")
        {
            throw new ExportUsageException($"only trained networks on vilt can be exported, and {request.PlanPath} is for {plan.Backbone}");
        }

        var granularity = plan.Granularity;
        if (granularity == Granularity.SubLayers && plan.Modules % 2 != 0)
        {
            throw new ExportException($"the plan skips parts of blocks, which have two each, but is for {plan.Modules} modules");
        }

        merged ??= Merged(request);
        var blocks = granularity == Granularity.Layers ? plan.Modules : plan.Modules / 2;
        Check(plan, ViltCheckpoint.Modules(blocks, granularity));
        var files = new PlanFiles(plan, request.PlanPath, request.Database);
        var trained = WeightFile.Open(files.Trained());
        var settings = PlanRun.Settings(request);
        var checkpoint = files.Checkpoint(request.Checkpoint, settings?.Path) is { } path ? ViltNames.Table.Translate(WeightFile.Open(path)) : null;
        var weights = new ViltWeights(trained, checkpoint);
        var (head, notes) = (weights.Head(), new List<string>());
        var config = weights.Sizes(blocks) with { ImagesPerSample = head.Images };
        config = config with { Heads = Heads(request, settings?.Values.Model.Heads, checkpoint, config.Width, notes) };
        var side = config.PositionGrid * config.PatchSize;

        // Before anything is built: sizes that one tensor claims, another may not have.
        List<WeightTensor> found = [.. weights.Take([.. ViltCheckpoint.Parameters(config, granularity, plan.Subnetwork), .. head.Parameters(config.Width)])];
        using var attached = new AttachedVilt(plan, config, new InputShape(config.Vocabulary, config.TextLength, side, side, head.Images));
        var all = found.Concat(weights.Take(attached.Parameters)).Concat(weights.TakeChannels(attached.Constants, config.Width))
            .ToDictionary(static weight => weight.Name, StringComparer.Ordinal);
        weights.CheckAgainst(all);
        var isMerged = merged ?? attached.IsMergeable;
        IReadOnlyList<string> replacing = isMerged ? attached.Replacing : [];
        var beside = attached.Parameters.Concat(attached.Constants).Select(static own => own.Name).Except(replacing).ToHashSet(StringComparer.Ordinal);
        return new PlannedVilt(
            config,
            attached.Description.Modules,
            plan.Subnetwork,
            PlannedPieces.Of(isMerged ? replacing : beside, attached.Description.Modules, attached.Placements, plan.Result!.Method, attached.Alpha),
            head,
            isMerged ? Put(attached.Merge(all), all.Where(entry => !beside.Contains(entry.Key))) : all)
        {
            IsMerged = isMerged,
            MergedParameters = isMerged ? attached.Parameters.Where(own => beside.Contains(own.Name)).Sum(own => all[own.Name].Count) : 0,
            Notes = notes,
            Metadata = checkpoint?.Metadata ?? new Dictionary<string, string>(),
        };
    }

    /// <summary>The pieces at a place, in order.</summary>
    internal IEnumerable<PlannedPiece> At(string place) => Pieces.Where(piece => piece.Place == place);

    /// <summary>Makes sure that a file to be written is none of those that weights are read from while it is.</summary>
    /// <exception cref="ExportUsageException">It is one.</exception>
    internal void CheckOutput(string path)
    {
        if (Weights.Values.Any(weight => Path.GetFullPath(weight.Source) == Path.GetFullPath(path)))
        {
            throw new ExportUsageException($"the output {path} would replace what it is made of: name another one with -o");
        }
    }

    private static Dictionary<string, WeightTensor> Put(IReadOnlyList<WeightTensor> merged, IEnumerable<KeyValuePair<string, WeightTensor>> others)
    {
        var all = others.ToDictionary(StringComparer.Ordinal);
        foreach (var weight in merged)
        {
            all[weight.Name] = weight;
        }

        return all;
    }

    private static bool? Merged(ExportRequest request) => request.Options.GetValueOrDefault(MergedKey) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw new ExportUsageException($"merged must be true or false, not '{other}'"),
    };

    private static void Check(SkipPlan plan, IReadOnlyList<ModulePart> modules)
    {
        if (plan.Skip.FirstOrDefault(module => module.Module != modules[module.Index].Name) is { } other)
        {
            throw new ExportException($"the plan calls module {other.Index} {other.Module}, expected {modules[other.Index].Name}");
        }

        if (plan.Skip.FirstOrDefault(module => module.Kind != modules[module.Index].Kind) is { } unlike)
        {
            throw new ExportException(
                $"the plan skips {unlike.Module} as {EnumNames.NameOf(unlike.Kind)}, expected {EnumNames.NameOf(modules[unlike.Index].Kind)}");
        }
    }

    // Heads leave no trace in the weights' shapes.
    private static int Heads(ExportRequest request, int? searched, WeightFile? checkpoint, int width, List<string> notes)
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
