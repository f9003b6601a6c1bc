using System.Globalization;
using System.Text;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>What the authors' scripts have to be told to train the plan: arguments, with what each index means.</summary>
/// <remarks>Modules are found by their names, so that METER's two streams cannot be confused.</remarks>
internal sealed class DasOfficialExporter : IPlanExporter
{
    private static readonly OutputKind _kind = OutputKind.Begins("list of arguments", @"^# DAS \(github\.com/DoubtedSteam/DAS\), ");

    public string Name => "das-official";

    public string Summary => "arguments for the authors' scripts for ViLT, METER, LaVIN or LLaVA";

    public string Suffix => ".das-official.txt";

    public void Claim(OutputGuard guard, ExportRequest request) => guard.Claim(request.Output, _kind);

    public ExportResult Export(ExportRequest request)
    {
        var plan = request.Plan;
        if (OfficialModels.Find(plan.Backbone) is not { } model)
        {
            var known = string.Join(", ", OfficialModels.All.Select(model => model.Name));
            throw new ExportUsageException($"the authors' code searches {known}; {request.PlanPath} is for {plan.Backbone}");
        }

        if (plan.Modules != model.Modules)
        {
            throw new ExportException(
                $"the authors' code for {model.Name} has {model.Modules} modules; {request.PlanPath} is for one of {plan.Modules}");
        }

        var text = OfficialArguments.Text(model, plan, model.GatesOf(plan));
        OutputFile.Write(request.Output, file => file.Write(Encoding.UTF8.GetBytes(text)));
        return new ExportResult(
            [request.Output],
            plan.Adapters.Count == 0
                ? []
                : ["the scripts place and size adapters as their code has it: those of the plan are not passed on"]);
    }
}

/// <summary>The text for each of the authors' forks; lines that begin with # are for the reader.</summary>
internal static class OfficialArguments
{
    /// <param name="gates">What it skips, as the fork numbers it, ascending.</param>
    internal static string Text(OfficialModel model, SkipPlan plan, IReadOnlyList<int> gates)
    {
        var text = new StringBuilder();
        var task = SingleLine.Of(plan.Task);
        Comment(text, $"DAS (github.com/DoubtedSteam/DAS), {model.Summary}: {task}, {gates.Count} of {model.Modules} modules skipped.");
        Comment(text, "Indices count from 0:");
        var layers = model.Modules / model.Lists.Count;
        for (var i = 0; i < model.Lists.Count; i++)
        {
            Comment(text, $"  {i * layers} to {((i + 1) * layers) - 1} are {model.Lists[i].Prefix}.0 to .{layers - 1}");
        }

        Comment(text, "Skipped:");
        var names = model.Names(model.Modules);
        foreach (var gate in gates)
        {
            Comment(text, $"  {gate,2}  {names[gate]}");
        }

        text.Append('\n');
        text.Append(model.Name switch
        {
            "lavin" => Lavin(gates),
            "llava" => Llava(gates),
            _ => Sacred(model, gates),
        });
        return text.ToString();
    }

    // Sacred takes a space for the end of an argument, and zsh takes [ for a pattern: hence no spaces, and quotes.
    private static string Sacred(OfficialModel model, IReadOnlyList<int> gates) => Lines(
        model == OfficialModels.Meter
            ? "# The code prints text layers as \"Fusion Image\" and image layers as \"Fusion Text\"; it applies them as listed above."
            : null,
        "# Training: instead of the skip_module that the shipped scripts pass to run_train.py,",
        $"'skip_module=[{Join(gates, ",")}]'",
        "",
        "# Another search for as many modules: to run_search.py,",
        $"skip_num={gates.Count}");

    // Parsed by cutting off the brackets and splitting at commas: they have to be there.
    private static string Lavin(IReadOnlyList<int> gates) => Lines(
        "# Training (train.py, or train_llama.py without images):",
        $"--skip_list '[{Join(gates, ",")}]' --nas_epoch 0",
        "",
        "# Another search for as many modules:",
        $"--search_mode --skipped_num {gates.Count}");

    private static string Llava(IReadOnlyList<int> gates) => Lines(
        "# There is no flag for this. Training: write the line below over its like in llava/train/train.py (near line 1014)",
        "# and in llava/model/builder.py (near line 196), which loads the trained model.",
        $"skip_list = [{Join(gates, ", ")}]",
        "",
        "# Another search for as many modules: to the search scripts,",
        $"--skipped_num {gates.Count} --finetuning False");

    private static string Lines(params string?[] lines) => string.Concat(lines.OfType<string>().Select(line => line + "\n"));

    private static string Join(IReadOnlyList<int> gates, string between) =>
        string.Join(between, gates.Select(gate => gate.ToString(CultureInfo.InvariantCulture)));

    private static void Comment(StringBuilder text, FormattableString line) =>
        text.Append("# ").Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Comment(StringBuilder text, string line) => text.Append("# ").Append(line).Append('\n');
}
