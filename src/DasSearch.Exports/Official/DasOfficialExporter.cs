using System.Text;
using DasSearch.Core.Files;

namespace DasSearch.Exports;

/// <summary>What the authors' scripts have to be told to train the plan: arguments, with what each index means.</summary>
/// <remarks>Modules are found by their names, so that METER's two streams cannot be confused.</remarks>
internal sealed class DasOfficialExporter : IPlanExporter
{
    /// <inheritdoc/>
    public string Name => "das-official";

    /// <inheritdoc/>
    public string Summary => "arguments for the authors' scripts for ViLT, METER, LaVIN or LLaVA";

    /// <inheritdoc/>
    public string Suffix => ".das-official.txt";

    /// <inheritdoc/>
    public ExportResult Export(ExportRequest request)
    {
        var plan = request.Plan;
        if (OfficialModels.Find(plan.Backbone) is not { } model)
        {
            var known = string.Join(", ", OfficialModels.All.Select(model => model.Name));
            throw new ExportException($"the authors' code searches {known}; {request.PlanPath} is for {plan.Backbone}");
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
