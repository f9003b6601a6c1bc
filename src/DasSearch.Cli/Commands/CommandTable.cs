using System.CommandLine;
using DasSearch.App;

namespace DasSearch.Cli.Commands;

/// <summary>What a command may reach outside its own arguments.</summary>
/// <param name="Terminal">Where it prints.</param>
/// <param name="Variable">Reads an environment variable; null where it is not set.</param>
internal sealed record CommandContext(Terminal Terminal, Func<string, string?> Variable)
{
    /// <summary>What use cases may reach.</summary>
    public AppEnvironment Environment { get; } = new(Variable) { Note = sentence => Terminal.Error.WriteLine($"note: {sentence}") };
}

/// <summary>The commands of das, in the order of its help: a new one is one file and one line here.</summary>
internal static class CommandTable
{
    /// <summary>Each command's factory.</summary>
    public static IReadOnlyList<Func<CommandContext, Command>> All { get; } =
    [
        SearchCommand.Create,
        ResumeCommand.Create,
        RunsCommand.Create,
        ShowCommand.Create,
        NoteCommand.Create,
        RewardsCommand.Create,
        CompareCommand.Create,
        ReportCommand.Create,
        DashboardCommand.Create,
        TruthCommand.Create,
        ReplayCommand.Create,
        PlanCommand.Create,
        TrainCommand.Create,
        EvalCommand.Create,
        AnalyseCommand.Create,
        ExportCommand.Create,
        ImportCommand.Create,
        ProfileCommand.Create,
        PretrainCommand.Create,
        CompressCommand.Create,
        DataCommand.Create,
        DoctorCommand.Create,
    ];
}
