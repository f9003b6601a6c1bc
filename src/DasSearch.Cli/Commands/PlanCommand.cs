using System.CommandLine;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Formats;

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
            Description = "Skip as few modules as save so much, such as macs=-15% or latency=-10% (latency: with a confidence of 95 %), those that the search's controller would then choose.", HelpName = "macs=-P%|latency=-P%",
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
        var output = new OutputOption("The plan's file; by default the plan is printed.");
        var database = DatabaseOption.Create();
        var command = new Command("plan", "Make a skip plan, with adapter placement, from what a run has stored.")
        {
            run, skip, budget, modules, random, trainable, database,
        };
        output.AddTo(command);
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
            var path = output.File(parsed);
            if (path is not null)
            {
                output.Guard(parsed, parsed.GetRequiredValue(database)).Claim(path, PlanFile.Kind);
            }

            using var store = DatabaseOption.Open(parsed, database);
            var request = new PlanRequest
            {
                Skip = parsed.GetValue(skip),
                Budget = parsed.GetValue(budget) is { } wanted ? Budget(wanted) : null,
                Modules = parsed.GetValue(modules),
                RandomSeed = parsed.GetValue(random),
                Trainable = parsed.GetValue(trainable),
            };
            var proposal = PlanMaking.Make(store.Read, parsed.GetRequiredValue(run), request, context.Environment.Tables.Methods);
            var plan = proposal.Plan;
            if (path is not null)
            {
                PlanFile.Write(plan, path);
                context.Terminal.Output.WriteLine(path);
            }
            else
            {
                context.Terminal.Output.Write(PlanFile.Format(plan));
            }

            Tell(context.Terminal, proposal);
        });
        return command;
    }

    // On stderr, since stdout may be the plan.
    private static void Tell(Terminal terminal, PlanProposal proposal)
    {
        var skipped = proposal.Plan.Subnetwork;
        if (skipped.Count == 0)
        {
            return;
        }

        terminal.Error.WriteLine(proposal.Confidence is not { } confidence
            ? "warning: the run's rewards are too few to say how sure this choice is"
            : $"{(confidence.IsDecided ? "note" : "warning")}: skipping {skipped}: {confidence.Sentences}");
        if (proposal.Latency is { } latency)
        {
            var change = Numbers.Change(latency.ChangePercent, latency.Change?.LowerPercent, latency.Change?.UpperPercent);
            terminal.Error.WriteLine(
                $"{(latency.Change is { IsNarrow: true } ? "note" : "warning")}: latency should change by {change}, added up from what skipping each module saved "
                + "when the search was done: das profile PLAN --latency measures it");
        }
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
}
