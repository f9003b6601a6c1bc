using System.CommandLine;
using DasSearch.Cli.Planning;
using DasSearch.Cli.Searching;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Reporter;
using DasSearch.Reporter.Importance;

namespace DasSearch.Cli.Commands;

/// <summary><c>das plan RUN</c>: makes a skip plan from what a run has stored.</summary>
internal static class PlanCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var run = RunArgument.Create();
        var skip = new Option<int?>("--skip")
        {
            Description = "Skip M modules, those that the search's controller would then choose; by default what the search chose.", HelpName = "M",
        };
        var budget = new Option<string?>("--budget")
        {
            Description = "Skip as few modules as save so much, such as macs=-15% or latency=-10%, those that the search's controller would then choose.", HelpName = "macs=-P%|latency=-P%",
        };
        var modules = new Option<string?>("--modules")
        {
            Description = "Skip these modules, such as 2,5,7, or - for none: a plan of one's own, for comparison.", HelpName = "LIST",
        };
        var random = new Option<long?>("--random")
        {
            Description = "Skip modules drawn at random, as many as --skip says: what a search is compared with.", HelpName = "SEED",
        };
        var trainable = new Option<long?>("--trainable")
        {
            Description = "Train at most N parameters, head included: adapters get the bottlenecks, and kept layers the parallel adapters, that the search found to matter most.",
            HelpName = "N",
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The plan's file; by default the plan is printed.", HelpName = "FILE",
        };
        var database = DatabaseOption.Create();
        var command = new Command("plan", "Make a skip plan, with adapter placement, from what a run has stored.")
        {
            run, skip, budget, modules, random, trainable, output, database,
        };
        command.Validators.Add(result =>
        {
            var choices = new Option[] { budget, modules, random }.Count(option => result.GetResult(option) is not null);
            var counts = result.GetResult(skip) is not null;
            if (choices > 1 || (counts && (result.GetResult(budget) is not null || result.GetResult(modules) is not null)))
            {
                result.AddError("--skip, --budget and --modules exclude each other, and --random goes with --skip alone.");
            }
        });
        command.SetAction(parsed =>
        {
            using var store = DatabaseOption.Open(parsed, database);
            var details = store.Read.Find(parsed.GetRequiredValue(run));
            var config = StoredConfig.Of(details).Values;
            var maker = new PlanMaker(
                details, store.Read.LayerRewards(details.Summary.Run), config, Workplace.ToolVersion, StoredController.Of(store.Read, details, config));
            var count = parsed.GetValue(skip) ?? details.Summary.Skip;
            var skipped = (parsed.GetValue(budget), parsed.GetValue(modules), parsed.GetValue(random)) switch
            {
                ({ } wanted, _, _) => maker.ByBudget(Budget(wanted)),
                (_, { } list, _) => Parse(list, details.Costs.Modules.Count),
                (_, _, { } seed) => maker.AtRandom(count, seed),
                _ => parsed.GetValue(skip) is null ? maker.Chosen() : maker.Chosen(count),
            };
            var plan = parsed.GetValue(trainable) is { } most ? maker.Make(skipped, most, store.Read.Adapters(details.Summary.Run)) : maker.Make(skipped);
            if (parsed.GetValue(output) is { } path)
            {
                PlanFile.Write(plan, path);
                context.Terminal.Output.WriteLine(path);
            }
            else
            {
                context.Terminal.Output.Write(PlanFile.Format(plan));
            }

            Tell(context.Terminal, new ImportanceAnalysis(RewardSums.Read(store.Read, details)), skipped);
        });
        return command;
    }

    // On stderr, since stdout may be the plan.
    private static void Tell(Terminal terminal, ImportanceAnalysis importance, Subnetwork skipped)
    {
        if (skipped.Count == 0)
        {
            return;
        }

        var evidence = importance.Judge(skipped);
        terminal.Error.WriteLine(evidence is null
            ? "warning: the run's rewards are too few to say how sure this choice is"
            : $"{(evidence.IsDecided ? "note" : "warning")}: skipping {skipped}: {evidence.Sentences}");
    }

    private static PlanBudget Budget(string text)
    {
        try
        {
            return PlanBudget.Parse(text);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"--budget {wrong.Message}");
        }
    }

    private static Subnetwork Parse(string list, int modules)
    {
        try
        {
            return Subnetwork.Parse(list, modules);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException)
        {
            throw new UsageException($"--modules: {wrong.Message.Split(" (Parameter")[0]}");
        }
    }
}
