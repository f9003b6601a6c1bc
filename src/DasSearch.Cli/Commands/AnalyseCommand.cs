using System.CommandLine;
using DasSearch.App.Analyses;
using DasSearch.Core;
using DasSearch.Reporter.Analyses;
using DasSearch.Reporter.Reports;

namespace DasSearch.Cli.Commands;

/// <summary><c>das analyse PLAN --what NAME -o DIR</c>: an analysis of one of the papers, as a figure and its numbers.</summary>
internal static class AnalyseCommand
{
    private const string Examples = """
        das analyse plan.json --what skipped -o figures     figures/skipped.svg and figures/skipped.csv
        das analyse plan.json --what similarity --against small.safetensors -o figures --figures png,pdf
        das analyse vqa.json nlvr2.json --what channels -o figures
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var plans = new Argument<string[]>("PLAN") { Description = "The plan's file; channels compares several.", Arity = ArgumentArity.OneOrMore };
        var what = new Option<string>("--what")
        {
            Description = "Which analysis; see below.", HelpName = "NAME", Required = true,
        };
        var output = new OutputOption("The folder; an older analysis of the same name in it is replaced, other files are left alone.", "DIR") { IsRequired = true };
        var samples = new Option<int>("--samples")
        {
            Description = "How many samples of the validation split are looked at, where it has as many.", HelpName = "N", DefaultValueFactory = static _ => new AnalysisRequest([]).Samples,
        };
        var seed = new Option<long>("--seed") { Description = "What the random choices of skipped derive from.", HelpName = "N" };
        var against = new Option<string?>("--against") { Description = "The file of another checkpoint, such as a compressed one, for similarity.", HelpName = "CHECKPOINT" };
        var form = new Option<string?>("--form") { Description = "The divergence of jsd: Jensen and Shannon's true one by default, or as the paper prints it." };
        form.AcceptOnlyFromAmong([.. EnumNames.All<DivergenceForm>()]);
        var weighed = new Option<bool>("--weighed") { Description = "For attention: prompts of apt as they are weighed in the end, α ⊙ ReLU(X Kᵀ), rather than by ReLU(X Kᵀ) alone." };
        var figures = FiguresOption.Create("What figures are drawn as");
        var (quiet, json) = (QuietOption.Create(), JsonOption.Create());
        var flags = new PlanFlags();
        var command = new CommandWithExamples("analyse", "Look into a plan's network as the papers do: a figure, and its numbers as CSV.", Examples)
        {
            plans, what, samples, seed, against, form, weighed, figures, quiet, json,
        };
        command.More = WriteAnalyses;
        output.AddTo(command);
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var analysis = AnalysisTable.Named(parsed.GetRequiredValue(what));
                var lines = new ProgressLines(context.Terminal.Error, parsed.GetValue(quiet), TimeProvider.System);
                var request = new AnalysisRequest([.. parsed.GetRequiredValue(plans).Select(plan => flags.Read(parsed, plan))])
                {
                    Samples = parsed.GetValue(samples),
                    Seed = parsed.GetValue(seed),
                    Against = parsed.GetValue(against),
                    IsWeighed = parsed.GetValue(weighed),
                    Form = parsed.GetValue(form) is { } name ? EnumNames.Parse<DivergenceForm>(name) : null,
                };
                var work = new AnalysisWork(context.Environment, request, (done, of) => lines.Progress("batch", done, of), lines.Say);
                var place = new AnalysisPlace(output.Path(parsed)!, FiguresOption.Read(figures.Name, parsed.GetRequiredValue(figures)), output.IsForced(parsed));
                var outcome = AnalysisSession.Run(analysis, work, place, cancellation);
                if (parsed.GetValue(json))
                {
                    JsonOption.Write(context.Terminal, Facts(analysis, place.Folder, outcome));
                }
                else
                {
                    Print(context.Terminal, place.Folder, outcome);
                }
            },
            CancellationToken.None));
        return command;
    }

    // A line each.
    private static void WriteAnalyses(TextWriter output)
    {
        var width = AnalysisTable.All.Max(static analysis => analysis.Name.Length);
        output.WriteLine("Analyses, with what each shows and whose figure it is:");
        foreach (var analysis in AnalysisTable.All)
        {
            output.WriteLine($"  {analysis.Name.PadRight(width)}  {analysis.Summary}");
        }

        output.WriteLine();
    }

    private static object Facts(IAnalysis analysis, string folder, AnalysisOutcome outcome) => new
    {
        What = analysis.Name,
        Folder = folder,
        outcome.Files,
        Figures = outcome.Figures.Select(static figure => new { figure.Name, figure.Title, figure.Caption, Summary = Rows(figure.Shown), Rows = Rows(figure.Table) }),
    };

    private static IEnumerable<Dictionary<string, object?>> Rows(DataTable table) =>
        table.Rows.Select(row => table.Columns.Zip(row).ToDictionary(static cell => cell.First.Name, static cell => cell.Second));

    private static void Print(Terminal terminal, string folder, AnalysisOutcome outcome)
    {
        foreach (var figure in outcome.Figures)
        {
            var table = new TextTable([.. figure.Shown.Columns.Select(static column => (column.IsNumber ? ">" : "") + column.Heading)]);
            foreach (var row in figure.Shown.Rows)
            {
                table.Add([.. row.Zip(figure.Shown.Columns, static (value, column) => column.Text(value))]);
            }

            terminal.Write(table);
            terminal.WriteLine(figure.Caption);
        }

        foreach (var file in outcome.Files)
        {
            terminal.Output.WriteLine(Path.Combine(folder, file));
        }
    }
}
