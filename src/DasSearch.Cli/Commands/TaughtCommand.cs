using System.CommandLine;

namespace DasSearch.Cli.Commands;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="examples">Lines to type, each with what comes of it.</param>
internal sealed class TaughtCommand(string name, string description, string examples) : Command(name, description)
{
    /// <summary>Lines to type, each with what comes of it.</summary>
    public string Examples => examples;
}
