using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>A folder as Hugging Face's PEFT library reads it: the skipped layers with LoRA where the plan places it, or trained norms where none is skipped.</summary>
/// <remarks>
/// <c>layer_replication</c> expresses the skips. Bottleneck adapters have no equivalent in PEFT, neither in place of a
/// layer nor beside it, so what DAS trains stays behind; LoRA has one, and its trained matrices come along.
/// </remarks>
internal sealed class PeftExporter : IPlanExporter
{
    internal const string ConfigName = "adapter_config.json";
    internal const string WeightsName = "adapter_model.safetensors";
    internal const string ReadmeName = "README.md";

    private const string Model = "model";

    private static readonly string[] _names = [ConfigName, WeightsName, ReadmeName];
    private static readonly OutputKind _readmeKind = OutputKind.Begins("folder for PEFT", "^# .*\nA plan of das for ");
    private static readonly FolderKind _kind = new(
        _readmeKind.Name, static folder => Path.Combine(folder, ReadmeName) is var readme && File.Exists(readme) && _readmeKind.IsOwn(readme) ? _names : []);

    private static readonly Dictionary<string, string> _metadata = new() { ["format"] = "pt" };

    public string Name => "peft";

    public string Summary => "a folder for Hugging Face's PEFT: skipped layers with LoRA where the plan has it, or trained norms";

    public IReadOnlyList<ExportOption> Options { get; } =
        [new(Model, "the base model that the configuration names, a folder or a name on the Hugging Face hub; by default none")];

    public void Claim(OutputGuard guard, ExportRequest request) => guard.ClaimFolder(request.Output, _kind, _names);

    public ExportResult Export(ExportRequest request)
    {
        var plan = request.Plan;
        if (PeftLayout.All.FirstOrDefault(layout => layout.Model.Name == plan.Backbone) is not { } layout)
        {
            var known = string.Join(", ", PeftLayout.All.Select(layout => layout.Model.Name));
            throw new ExportUsageException($"PEFT finds the layers of {known}; {request.PlanPath} is for {plan.Backbone}");
        }

        var skipped = new Subnetwork(plan.Modules, layout.Model.GatesOf(plan));
        var targets = LoraTargets.Of(plan, layout, skipped);
        var hasNorms = skipped.Count == 0 && layout.Norms.Count > 0 && plan.Result is { Method: PeftNorms.Method, Weights: not null };
        if (skipped.Count == 0 && targets.Count == 0 && !hasNorms)
        {
            throw new ExportException(
                $"{request.PlanPath} neither skips a layer nor has LoRA or trained norms: there is nothing in it that PEFT can express");
        }

        var file = hasNorms || (targets.Count > 0 && plan.Result?.Weights is not null && targets.All(static target => target.Trained.Count > 0))
            ? SafetensorsFile.Open(new PlanFiles(plan, request.PlanPath, request.Database).Trained())
            : null;
        var norms = hasNorms ? PeftNorms.Of(plan, layout, file!) : [];
        var trained = file is null ? null : hasNorms ? PeftNorms.Weights(norms, file) : PeftWeights.Of(file, targets);
        var notes = Notes(plan, [.. targets.SelectMany(static target => target.Trained), .. norms.SelectMany(static norm => norm.Trained)], targets.Count, file);
        var baseModel = request.Options.GetValueOrDefault(Model);

        // An adapter without targets has an empty file of weights; one whose weights are not known has none.
        var weights = hasNorms || targets.Count > 0 ? trained : [];
        OutputFolder.Write(request.Output, _kind, folder =>
        {
            if (weights is not null)
            {
                SafetensorsFile.Write(Path.Combine(folder, WeightsName), weights, _metadata);
            }

            Write(folder, ConfigName, hasNorms ? PeftConfig.Text(layout, baseModel, norms) : PeftConfig.Text(layout, baseModel, skipped, targets, trained is not null));
            var written = weights is null ? new[] { ConfigName } : [ConfigName, WeightsName];
            Write(folder, ReadmeName, PeftReadme.Text(layout, baseModel, plan, skipped, written, notes));
        });
        return new ExportResult([.. _names.Select(name => Path.Combine(request.Output, name)).Where(File.Exists)], notes);
    }

    private static List<string> Notes(SkipPlan plan, HashSet<string> written, int lora, SafetensorsFile? file)
    {
        var notes = new List<string>();
        var others = plan.Adapters.Where(adapter => adapter.Type != LoraTargets.Type).ToList();
        if (others.Count > 0)
        {
            var counts = others.GroupBy(static adapter => adapter.Type, StringComparer.Ordinal).Select(static type => $"{type.Count()} adapters of type {type.Key}");
            notes.Add($"PEFT has no equivalent of the plan's {string.Join(" and ", counts)}: they are left out");
        }

        if (lora == 0 && file is null && plan.Result is { Weights: not null } trained)
        {
            notes.Add($"all that {trained.Method} has trained is left out");
        }
        else if (lora > 0 && plan.Result?.Weights is null)
        {
            notes.Add("the plan is not trained, so there are no LoRA weights: PEFT starts with fresh ones");
        }
        else if (lora > 0 && file is null)
        {
            notes.Add("the trained LoRA weights are left out, since the projections of Hugging Face's model are laid out otherwise");
        }

        if (file?.Tensors.Keys.Where(name => !written.Contains(name)).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } rest)
        {
            notes.Add($"{rest.Count} other trained tensors, such as {rest[^1]}, are left out");
        }

        return notes;
    }

    private static void Write(string folder, string name, string text) =>
        File.WriteAllBytes(Path.Combine(folder, name), Encoding.UTF8.GetBytes(text));
}

/// <summary><c>adapter_config.json</c>, whose fields are those of PEFT's LoraConfig, or of its LNTuningConfig.</summary>
internal static class PeftConfig
{
    // What PEFT takes for an adapter that changes no module (peft/utils/constants.py).
    private const string NoTargets = "dummy-target-modules";

    private static readonly JsonSerializerOptions _written = new() { WriteIndented = true, NewLine = "\n" };

    /// <param name="baseModel">Its name or folder; null where the user named none.</param>
    /// <param name="skipped">The layers to drop, as the model numbers them.</param>
    /// <param name="targets">What LoRA changes, in the model without them.</param>
    /// <param name="isTrained">Whether the weights come along.</param>
    internal static string Text(PeftLayout layout, string? baseModel, Subnetwork skipped, IReadOnlyList<LoraTarget> targets, bool isTrained)
    {
        var config = new JsonObject
        {
            ["peft_type"] = "LORA",
            ["task_type"] = layout.TaskType,
            ["base_model_name_or_path"] = baseModel,
            ["inference_mode"] = isTrained,
            ["target_modules"] = targets.Count == 0 ? NoTargets : new JsonArray([.. targets.Select(target => (JsonNode)target.Path)]),
            ["bias"] = "none",
            ["lora_dropout"] = 0.0,
        };
        if (skipped.Count > 0)
        {
            config["layer_replication"] = new JsonArray(
                [.. KeptRanges.Of(skipped).Select(range => (JsonNode)new JsonArray(range.Start, range.End))]);
        }

        if (targets.Count > 0)
        {
            AddRanks(config, targets);
        }

        return config.ToJsonString(_written) + "\n";
    }

    /// <param name="norms">What LN tuning has trained.</param>
    internal static string Text(PeftLayout layout, string? baseModel, IReadOnlyList<PeftNorm> norms) => new JsonObject
    {
        ["peft_type"] = "LN_TUNING",
        ["task_type"] = layout.TaskType,
        ["base_model_name_or_path"] = baseModel,
        ["inference_mode"] = true,
        ["target_modules"] = new JsonArray([.. norms.Select(static norm => (JsonNode)norm.Path)]),
    }.ToJsonString(_written) + "\n";

    // One rank for all, and a list of those that differ.
    private static void AddRanks(JsonObject config, IReadOnlyList<LoraTarget> targets)
    {
        var (rank, alpha) = (targets[0].Rank, targets[0].Alpha);
        config["r"] = rank;
        config["lora_alpha"] = alpha;
        config["rank_pattern"] = new JsonObject(
            targets.Where(target => target.Rank != rank).Select(target => KeyValuePair.Create(target.Path, (JsonNode?)target.Rank)));
        config["alpha_pattern"] = new JsonObject(
            targets.Where(target => target.Alpha != alpha).Select(target => KeyValuePair.Create(target.Path, (JsonNode?)target.Alpha)));
    }
}

/// <summary><c>README.md</c> in the folder: how to use it, and what is not in it.</summary>
internal static class PeftReadme
{
    internal static string Text(
        PeftLayout layout, string? baseModel, SkipPlan plan, Subnetwork skipped, IReadOnlyList<string> files, IReadOnlyList<string> notes)
    {
        var model = baseModel ?? "BASE_MODEL";
        var load = files.Contains(PeftExporter.WeightsName)
            ? $"model = PeftModel.from_pretrained({layout.Base}.from_pretrained(\"{model}\"), \"THIS_FOLDER\")"
            : $"model = get_peft_model({layout.Base}.from_pretrained(\"{model}\"), LoraConfig.from_pretrained(\"THIS_FOLDER\"))";
        var import = files.Contains(PeftExporter.WeightsName) ? "PeftModel" : "LoraConfig, get_peft_model";
        var lost = notes.Count == 0 ? "Nothing of the plan is left out." : string.Join("\n", notes.Select(note => $"- {note}."));
        var what = skipped.Count == 0
            ? "No layer is left out."
            : $"Layers that are left out: {skipped}. In `adapter_config.json`,\n`layer_replication` lists those that are kept. PEFT drops the others before anything else, so that names in\n`target_modules` count what is left.";
        var merging = skipped.Count == 0 ? "" : "\nPEFT cannot merge an adapter that drops layers (`merge_and_unload`).\n";
        return string.Create(CultureInfo.InvariantCulture, $"""
            # {plan.Backbone} without {skipped.Count} of {plan.Modules} layers

            A plan of das for {SingleLine.Of(plan.Task)}. {what}

            ```python
            from peft import {import}
            from transformers import {layout.Base}

            {load}
            ```
            {merging}
            ## What is not here

            {lost}

            """).ReplaceLineEndings("\n");
    }
}

/// <summary><c>adapter_model.safetensors</c>: what was trained, under PEFT's names.</summary>
internal static class PeftWeights
{
    /// <summary>The tensors of every target, renamed and otherwise as they are.</summary>
    /// <param name="trained">What the plan was trained to.</param>
    /// <param name="targets">What LoRA changes.</param>
    /// <exception cref="DasSearchException">A matrix is missing, or not of its target's rank.</exception>
    internal static IReadOnlyList<WeightTensor> Of(SafetensorsFile trained, IReadOnlyList<LoraTarget> targets) =>
        [.. targets.SelectMany(target => target.Trained.Select((name, side) => Find(trained, target, name, side)))];

    private static WeightTensor Find(SafetensorsFile trained, LoraTarget target, string name, int side)
    {
        if (!trained.Tensors.TryGetValue(name, out var tensor))
        {
            throw new ExportException($"{trained.Path} has no tensor {name}, which the plan's LoRA on {target.Source} needs");
        }

        // A is [rank, input], B is [output, rank].
        return tensor.Shape.Count == 2 && tensor.Shape[side] == target.Rank
            ? tensor with { Name = $"base_model.model.{target.Path}.{(side == 0 ? "lora_A" : "lora_B")}.weight" }
            : throw new ExportException(
                $"{trained.Path} has {name} of shape [{string.Join(", ", tensor.Shape)}], which is not one of rank {target.Rank}");
    }
}
