using System.Text;
using DasSearch.Core;
using DasSearch.Core.Files;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>A folder as Hugging Face's PEFT library reads it: the skipped layers, and LoRA where the plan places it.</summary>
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
    private static readonly Dictionary<string, string> _metadata = new() { ["format"] = "pt" };

    /// <inheritdoc/>
    public string Name => "peft";

    /// <inheritdoc/>
    public string Summary => "a folder for Hugging Face's PEFT: skipped layers, and LoRA where the plan has it";

    /// <inheritdoc/>
    public IReadOnlyList<ExportOption> Options { get; } =
        [new(Model, "the base model that the configuration names, a folder or a name on the Hugging Face hub; by default none")];

    /// <inheritdoc/>
    public ExportResult Export(ExportRequest request)
    {
        var plan = request.Plan;
        if (PeftLayout.All.FirstOrDefault(layout => layout.Model.Name == plan.Backbone) is not { } layout)
        {
            var known = string.Join(", ", PeftLayout.All.Select(layout => layout.Model.Name));
            throw new ExportException($"PEFT finds the layers of {known}; {request.PlanPath} is for {plan.Backbone}");
        }

        var skipped = new Subnetwork(plan.Modules, layout.Model.GatesOf(plan));
        var targets = LoraTargets.Of(plan, layout, skipped);
        if (skipped.Count == 0 && targets.Count == 0)
        {
            throw new ExportException(
                $"{request.PlanPath} neither skips a layer nor has LoRA: there is nothing in it that PEFT can express");
        }

        var notes = Notes(plan, layout, targets);
        var trained = targets.Count > 0 && plan.Result?.Weights is not null && layout.SharesProjections
            ? PeftWeights.Of(SafetensorsFile.Open(new PlanFiles(plan, request.PlanPath).Trained()), targets)
            : null;
        var baseModel = request.Options.GetValueOrDefault(Model);

        // An adapter without targets has an empty file of weights; one whose weights are not known has none.
        var weights = targets.Count == 0 ? [] : trained;
        OutputFolder.Write(request.Output, _names.Contains, folder =>
        {
            if (weights is not null)
            {
                SafetensorsWriter.Write(Path.Combine(folder, WeightsName), weights, _metadata);
            }

            Write(folder, ConfigName, PeftConfig.Text(layout, baseModel, skipped, targets, trained is not null));
            var written = weights is null ? new[] { ConfigName } : [ConfigName, WeightsName];
            Write(folder, ReadmeName, PeftReadme.Text(layout, baseModel, plan, skipped, written, notes));
        });
        return new ExportResult([.. _names.Select(name => Path.Combine(request.Output, name)).Where(File.Exists)], notes);
    }

    private static List<string> Notes(SkipPlan plan, PeftLayout layout, IReadOnlyList<LoraTarget> targets)
    {
        var notes = new List<string>();
        var others = plan.Adapters.Where(adapter => adapter.Type != LoraTargets.Type).ToList();
        if (others.Count > 0)
        {
            notes.Add($"PEFT has no equivalent of the plan's {others.Count} adapters of type {others[0].Type}: they are left out");
        }

        if (targets.Count > 0 && plan.Result?.Weights is null)
        {
            notes.Add("the plan is not trained, so there are no LoRA weights: PEFT starts with fresh ones");
        }
        else if (targets.Count > 0 && !layout.SharesProjections)
        {
            notes.Add("the trained LoRA weights are left out, since the projections of Hugging Face's model are laid out otherwise");
        }

        return notes;
    }

    private static void Write(string folder, string name, string text) =>
        File.WriteAllBytes(Path.Combine(folder, name), Encoding.UTF8.GetBytes(text));
}
