using DasSearch.App;

namespace DasSearch.Cli.Commands;

/// <summary>What a command may reach outside its own arguments.</summary>
/// <param name="Terminal">Where it prints.</param>
/// <param name="Variable">Reads an environment variable; null where it is not set.</param>
internal sealed record CommandContext(Terminal Terminal, Func<string, string?> Variable)
{
    /// <summary>What use cases may reach.</summary>
    public AppEnvironment Environment { get; } = new(Variable);
}
