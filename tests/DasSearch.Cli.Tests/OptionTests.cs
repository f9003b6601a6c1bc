using System.CommandLine;
using DasSearch.Cli.Commands;

namespace DasSearch.Cli.Tests;

/// <summary>Every command's options.</summary>
public sealed class OptionTests
{
    [Fact]
    public void Options_OfACommand_HaveNamesOfTheirOwn()
    {
        using var terminal = new Terminal(TextWriter.Null, TextWriter.Null, isRedirected: true);
        var context = new CommandContext(terminal, static _ => null);
        foreach (var command in CommandTable.All.Select(create => create(context)).SelectMany(All))
        {
            var names = command.Options.SelectMany(static option => option.Aliases.Append(option.Name)).ToList();
            Assert.True(names.Count == names.Distinct(StringComparer.Ordinal).Count(), $"{command.Name}: {string.Join(' ', names)}");
        }
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);
}
