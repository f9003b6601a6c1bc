using System.CommandLine;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Folders;
using DasSearch.Formats;

namespace DasSearch.Cli.Commands;

/// <summary><c>das data check|describe TASK --root DIR</c>: what is in a data set's folder, before anything is trained on it.</summary>
internal static class DataCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context) => new("data", "Look through the folder of a data set.")
    {
        Part(context, "check", "Find what is wrong with it: missing files, empty tables, broken pictures, answers that nobody knows; exits with 1 where something is.", opensPictures: true),
        Part(context, "describe", "Say what there is in it, and what should be; no picture is opened.", opensPictures: false),
    };

    private static Command Part(CommandContext context, string name, string description, bool opensPictures)
    {
        var task = new Argument<string>("TASK") { Description = $"Of {string.Join(", ", TaskTable.All.Where(static entry => entry.ReadsFolder).Select(static entry => entry.Name))}." };
        var root = new Option<string>("--root") { Description = "The data set's folder.", HelpName = "DIR", Required = true };
        var (set, json) = (SetOption.Create("data.held_out=100"), JsonOption.Create());
        var command = new Command(name, description) { task, root, set, json };
        command.SetAction((parsed, cancellation) =>
        {
            var view = new DataView(parsed.GetRequiredValue(task), Settings(parsed.GetRequiredValue(root), parsed.GetRequiredValue(set)));
            var facts = FolderCheck.Of(view.Task, view.Settings, opensPictures, cancellation);
            if (parsed.GetValue(json))
            {
                JsonOption.Write(context.Terminal, view.Facts(facts));
            }
            else
            {
                view.Print(context.Terminal, facts, isDescribed: !opensPictures);
            }

            return Task.FromResult((int)(facts.IsWhole || !opensPictures ? ExitCode.Done : ExitCode.Failed));
        });
        return command;
    }

    // As a file of settings would have them.
    private static DataConfig Settings(string root, string[] overrides) =>
        ConfigFile.Parse<RunConfig>("task: any\nbackbone: any", "--set", path: null, overrides).Values.Data with { Root = Path.GetFullPath(root) };
}

/// <summary>A data set as <c>das data</c> presents it.</summary>
/// <param name="Task">The task that it is for.</param>
/// <param name="Settings">Where it is.</param>
internal sealed record DataView(string Task, DataConfig Settings)
{
    /// <summary>The same as JSON has it.</summary>
    internal object Facts(FolderFacts facts) => new
    {
        Task,
        Settings.Root,
        facts.IsWhole,
        facts.Answers,
        Splits = facts.Splits.Select(static split => new { Split = EnumNames.NameOf(split.Split), split.Samples, split.Pictures, split.FirstText }),
        facts.Findings,
    };

    /// <summary>Prints it for a person.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="facts">What there is.</param>
    /// <param name="isDescribed">Whether the layout and first texts are told, too.</param>
    internal void Print(Terminal terminal, FolderFacts facts, bool isDescribed)
    {
        terminal.WriteLine($"{Task} in {Settings.Root}{(facts.Answers > 0 ? $", {Numbers.Count(facts.Answers)} answers" : "")}");
        if (isDescribed)
        {
            terminal.WriteLine($"layout: {facts.Layout}");
        }

        var table = new TextTable("split", ">samples", ">pictures");
        foreach (var split in facts.Splits)
        {
            table.Add(EnumNames.NameOf(split.Split), Numbers.Count(split.Samples), Numbers.Count(split.Pictures));
        }

        terminal.Write(table);
        foreach (var text in facts.Splits.Where(split => isDescribed && split.FirstText is not null))
        {
            terminal.WriteLine($"first of {EnumNames.NameOf(text.Split)}: {SingleLine.Of(text.FirstText!)}");
        }

        foreach (var finding in facts.Findings)
        {
            terminal.WriteLine($"{(finding.IsFault ? "fault" : "note")}: {finding}");
        }

        if (!isDescribed)
        {
            terminal.WriteLine(facts.IsWhole ? "it can be trained on" : "it cannot be trained on");
        }
    }
}
