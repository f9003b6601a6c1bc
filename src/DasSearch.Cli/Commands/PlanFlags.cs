using System.CommandLine;
using DasSearch.App;

namespace DasSearch.Cli.Commands;

/// <summary>The arguments that train, eval, profile and analyse share.</summary>
/// <param name="plan">The argument that names the plan; null where there may be several.</param>
internal sealed class PlanFlags(Argument<string>? plan = null)
{
    private readonly Option<string> _database = DatabaseOption.Create();

    private readonly Option<string?> _config = new("--config")
    {
        Description = "Take the settings of this YAML file instead of those stored with the plan's run.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _set = SetOption.Create("training.epochs=5");

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description = "Where the plan's checkpoint lies; by default where the settings say.",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_database);
        command.Options.Add(_config);
        command.Options.Add(_set);
        command.Options.Add(_checkpoint);
    }

    /// <summary>What they were set to.</summary>
    public PlanSource Read(ParseResult parsed) => Read(parsed, parsed.GetRequiredValue(plan!));

    /// <summary>What they were set to, for one of several plans.</summary>
    public PlanSource Read(ParseResult parsed, string file) => new(
        file,
        parsed.GetRequiredValue(_database),
        parsed.GetValue(_config),
        parsed.GetRequiredValue(_set),
        parsed.GetValue(_checkpoint))
    {
        Waiting = DatabaseOption.Waiting(parsed),
    };
}
