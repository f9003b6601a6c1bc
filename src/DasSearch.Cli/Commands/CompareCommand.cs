using System.CommandLine;
using DasSearch.Cli.Inspecting;
using DasSearch.Core;
using DasSearch.Reporter.Comparison;

namespace DasSearch.Cli.Commands;

/// <summary><c>das compare RUN…</c>: runs side by side, and what runs of one search say together.</summary>
internal static class CompareCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Two runs or more of one backbone: their numbers, or names, which mean the latest run of that name.",
            Arity = ArgumentArity.OneOrMore,
        };
        var confidence = new Option<double>("--confidence")
        {
            Description = "How often an interval has the truth in it, in percent.",
            HelpName = "PERCENT",
            DefaultValueFactory = _ => 95,
        };
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new Command("compare", "Compare runs: settings, plans, layers, accuracy, cost; of several seeds, the consensus.")
        {
            runs, confidence, database, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(runs) is { Length: 1 })
            {
                result.AddError("RUN must be two runs or more, not one: das show shows a single one.");
            }
        });
        command.SetAction(parsed =>
        {
            using var store = DatabaseOption.Open(parsed, database);
            var comparison = RunComparison.Of(store.Read, parsed.GetRequiredValue(runs), Share(parsed.GetValue(confidence)));
            if (parsed.GetValue(json))
            {
                JsonOption.Write(context.Terminal, ComparisonFacts.Of(comparison));
            }
            else
            {
                new ComparisonTables(comparison).Print(context.Terminal.Console);
            }
        });
        return command;
    }

    private static double Share(double percent) => percent is > 0 and < 100
        ? percent / 100
        : throw new UsageException(FormattableString.Invariant($"--confidence must be above 0 and below 100 percent, not {percent}"));
}
