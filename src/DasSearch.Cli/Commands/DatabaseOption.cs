using System.CommandLine;
using DasSearch.Store;

namespace DasSearch.Cli.Commands;

/// <summary><c>--db FILE</c>, the same for every command that knows runs.</summary>
internal static class DatabaseOption
{
    /// <summary>The database that is used unless another one is named.</summary>
    public const string Default = "das.db";

    /// <summary>A new option; each command needs its own.</summary>
    public static Option<string> Create() => new("--db")
    {
        Description = "The database of runs.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Default,
    };

    /// <summary>Opens the database that was named, which must be there.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be opened.</exception>
    public static IRunStore Open(ParseResult parsed, Option<string> option) =>
        RunStore.Open(parsed.GetRequiredValue(option), TimeProvider.System);
}
