using System.CommandLine;
using DasSearch.Reporter.Reports;

namespace DasSearch.Cli.Commands;

/// <summary><c>das report RUN…</c>: a page, figures and tables about runs.</summary>
internal static class ReportCommand
{
    private const string Examples = """
        das report 1                   the story of run 1, in the folder report-1: open its index.html
        das report 1 2 3 -o seeds      three seeds in one report: their consensus, how stable it is, and each run
        das report 1 --figures svg,pdf figures as PDF files, too, for a paper
        das report 1 --json            what was written, for a script
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "The runs' numbers, or names, which mean the latest run of that name; several are of one backbone.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new OutputOption("The folder; by default report-RUN. An older report in it is replaced, other files are left alone.", "DIR");
        var figures = FiguresOption.Create("What figures are written as beside the page, which has them in any case");
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new CommandWithExamples(
            "report", "Write a report about runs: a page that opens anywhere, figures, numbers as CSV, a summary in Markdown.", Examples)
        {
            runs, figures, database, json,
        };
        output.AddTo(command);
        command.SetAction(parsed =>
        {
            var formats = FiguresOption.Read(figures.Name, parsed.GetRequiredValue(figures));
            var (guard, named) = (output.Guard(parsed, parsed.GetRequiredValue(database)), output.Path(parsed));
            if (named is not null)
            {
                guard.ClaimFolder(named, ReportWriter.Kind);
            }

            using var store = DatabaseOption.Open(parsed, database);
            var report = Report.Read(store.Read, parsed.GetRequiredValue(runs));
            var folder = named ?? $"report-{string.Join('-', report.Runs.Select(run => run.Run.Number))}";
            var files = ReportWriter.Write(report, folder, formats, guard);
            if (parsed.GetValue(json))
            {
                JsonOption.Write(context.Terminal, new { folder, files });
            }
            else
            {
                context.Terminal.Output.WriteLine(Path.Combine(folder, ReportWriter.Page));
            }
        });
        return command;
    }
}
