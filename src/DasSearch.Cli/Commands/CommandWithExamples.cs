using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DasSearch.Cli.Commands;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="examples">Lines to type, each with what comes of it.</param>
internal sealed class CommandWithExamples(string name, string description, string examples) : Command(name, description)
{
    /// <summary>Lines to type, each with what comes of it.</summary>
    public string Examples => examples;

    /// <summary>Prints what help says before the examples; nothing by default.</summary>
    public Action<TextWriter> More { get; set; } = static _ => { };
}

/// <summary>Prints help as the library does, and then a command's examples.</summary>
internal sealed class ExamplesHelp : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new();

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CommandWithExamples command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            command.More(output);
            output.WriteLine("Examples:");
            foreach (var line in command.Examples.Split('\n'))
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        return code;
    }
}
