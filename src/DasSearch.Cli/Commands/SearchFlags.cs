using System.CommandLine;
using DasSearch.Cli.Searching;

namespace DasSearch.Cli.Commands;

/// <summary>The options that search and resume share.</summary>
internal sealed class SearchFlags
{
    private readonly Option<string> _database = DatabaseOption.Create();
    private readonly Option<bool> _json = JsonOption.Create();

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Where the plan goes; by default NAME-RUN.plan.json in the working directory.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _quiet = QuietOption.Create();

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_database);
        command.Options.Add(_output);
        command.Options.Add(_quiet);
        command.Options.Add(_json);
    }

    /// <summary>What they were set to.</summary>
    public SearchOptions Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(_database), parsed.GetValue(_output), parsed.GetValue(_quiet), parsed.GetValue(_json));
}
