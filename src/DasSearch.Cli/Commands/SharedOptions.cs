using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Encodings.Web;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Reporter.Reports;
using DasSearch.Store;

namespace DasSearch.Cli.Commands;

/// <summary>The argument that names a run.</summary>
internal static class RunArgument
{
    /// <summary>A new argument; each command needs its own.</summary>
    public static Argument<string> Create() => new("RUN") { Description = "The run's number, or a name, which means the latest run of that name." };
}

/// <summary><c>--db FILE</c>, the same for every command that knows runs.</summary>
internal static class DatabaseOption
{
    /// <summary>A new option; each command needs its own.</summary>
    public static Option<string> Create() => new("--db")
    {
        Description = "The database of runs.",
        HelpName = "FILE",
        DefaultValueFactory = _ => ShellLine.DefaultDatabase,
    };

    /// <summary>Opens the database that was named, which must be there.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be opened.</exception>
    public static IRunStore Open(ParseResult parsed, Option<string> option) =>
        RunStore.Open(parsed.GetRequiredValue(option), TimeProvider.System, waiting: Waiting(parsed));

    /// <summary>Says on the error stream that another program is waited for.</summary>
    public static Action<string> Waiting(ParseResult parsed) => line => parsed.InvocationConfiguration.Error.WriteLine($"das: {line}");
}

/// <summary><c>--output</c> with <c>--force</c>, the same for every command that writes a file.</summary>
internal sealed class OutputOption
{
    private readonly Option<string?> _output;
    private readonly Option<bool> _force = ForceOption.Create("Replace a file that is there and that das did not write.");

    /// <param name="description">What goes there; that <c>-</c> is stdout is added.</param>
    /// <param name="name">What help calls it.</param>
    public OutputOption(string description, string name = "FILE") =>
        _output = new("--output", "-o") { Description = description + (name == "FILE" ? " - is stdout." : ""), HelpName = name };

    /// <summary>Whether it must be named.</summary>
    public bool IsRequired
    {
        init => _output.Required = value;
    }

    /// <summary>Adds both to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="json">Its <c>--json</c> where that prints other things than the output; null where it does not.</param>
    public void AddTo(Command command, Option<bool>? json = null)
    {
        command.Options.Add(_output);
        command.Options.Add(_force);
        command.Validators.Add(result =>
        {
            if (json is not null && result.GetValue(json) && result.GetValue(_output) is OutputPlace.StandardOutput)
            {
                result.AddError("--json and -o - exclude each other: both print to stdout.");
            }
        });
    }

    /// <summary>The path that was named; null for none.</summary>
    public string? Path(ParseResult parsed) => parsed.GetValue(_output);

    /// <summary>The path that was named, where it is not stdout; null for none.</summary>
    public string? File(ParseResult parsed) => Path(parsed) is { } path && !IsStandardOutput(path) ? path : null;

    /// <summary>Whether files may be replaced that das did not write.</summary>
    public bool IsForced(ParseResult parsed) => parsed.GetValue(_force);

    /// <summary>What may be written over.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="sources">The files that the output is made of.</param>
    public OutputGuard Guard(ParseResult parsed, params IEnumerable<string?> sources) => new(IsForced(parsed), "-o", sources);

    /// <summary>Whether a path means stdout.</summary>
    public static bool IsStandardOutput(string path) => OutputPlace.Of(path).IsStandardOutput;
}

/// <summary><c>--force</c>, the same for every command that writes files.</summary>
internal static class ForceOption
{
    /// <summary>A new option; each command needs its own.</summary>
    public static Option<bool> Create(string description) => new("--force") { Description = description };
}

/// <summary><c>--json</c>, the same for every command that prints facts.</summary>
internal static class JsonOption
{
    private static readonly JsonSerializerOptions Written = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        // The default escapes + and ' for the sake of browsers.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A new option; each command needs its own.</summary>
    public static Option<bool> Create() => new("--json") { Description = "Print JSON instead of text." };

    /// <summary>Prints facts, with names in snake_case as in the database.</summary>
    public static void Write(Terminal terminal, object facts) =>
        terminal.Output.WriteLine(JsonSerializer.Serialize(facts, Written));
}

/// <summary><c>--quiet</c>, the same for each command that shows progress.</summary>
internal static class QuietOption
{
    /// <summary>Builds the option.</summary>
    internal static Option<bool> Create() => new("--quiet", "-q") { Description = "Show no progress." };
}

/// <summary><c>--figures FORMATS</c>, the same for every command that draws into a folder.</summary>
internal static class FiguresOption
{
    /// <summary>A new option; each command needs its own.</summary>
    /// <param name="what">What it says, without the formats.</param>
    internal static Option<string> Create(string what) => new("--figures")
    {
        Description = $"{what}, of {string.Join(", ", EnumNames.All<FigureFormat>())}.",
        HelpName = "FORMATS",
        DefaultValueFactory = static _ => EnumNames.NameOf(FigureFormat.Svg),
    };

    /// <summary>The formats that were named.</summary>
    /// <exception cref="UsageException">One is unknown.</exception>
    internal static IReadOnlyList<FigureFormat> Read(string option, string list) =>
    [
        .. ListOption.Read(option, list, "formats such as svg,pdf").Select(name => EnumNames.TryParse<FigureFormat>(name, out var format)
            ? format
            : throw new UsageException($"{option} must be of {string.Join(", ", EnumNames.All<FigureFormat>())}, not '{name}'")),
    ];
}

/// <summary><c>--set KEY=VALUE</c>, the same for every command that reads settings.</summary>
internal static class SetOption
{
    /// <summary>A new option; each command needs its own.</summary>
    /// <param name="example">A setting that help shows.</param>
    public static Option<string[]> Create(string example) => new("--set")
    {
        Description = $"Override a setting, such as --set {example}; may be given several times.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };
}

/// <summary><c>--gallery N</c>, for tasks that rank.</summary>
internal static class GalleryOption
{
    private const int Reported = 1000;

    /// <summary>A new option; each command needs its own.</summary>
    public static Option<int> Create()
    {
        var option = new Option<int>("--gallery")
        {
            Description = "Images, and captions, of the gallery that recall is measured on, where the task ranks; 0 for none.",
            HelpName = "N",
            DefaultValueFactory = _ => Reported,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var only] && Numbers.TryParse(only.Value, out long images) && images is < 0 or > 100_000)
            {
                result.AddError("--gallery must be from 0 to 100000.");
            }
        });
        return option;
    }
}

/// <summary>Options that are numbers: all commands read them in one way, whatever language the machine speaks.</summary>
internal static class NumberOptions
{
    /// <summary>Has each of a command's numbers read by the rules of <see cref="Numbers"/>, instead of taking a comma for a thousands separator.</summary>
    internal static Command Strict(Command command)
    {
        foreach (var option in command.Options)
        {
            switch (option)
            {
                case Option<double> number:
                    number.CustomParser = result => Number(result, option.Name) ?? 0;
                    break;
                case Option<double?> number:
                    number.CustomParser = result => Number(result, option.Name);
                    break;
                case Option<int> whole:
                    whole.CustomParser = result => (int)(Integer(result, option.Name, int.MinValue, int.MaxValue) ?? 0);
                    break;
                case Option<int?> whole:
                    whole.CustomParser = result => (int?)Integer(result, option.Name, int.MinValue, int.MaxValue);
                    break;
                case Option<long> whole:
                    whole.CustomParser = result => Integer(result, option.Name, long.MinValue, long.MaxValue) ?? 0;
                    break;
                case Option<long?> whole:
                    whole.CustomParser = result => Integer(result, option.Name, long.MinValue, long.MaxValue);
                    break;
                default:
                    break;
            }
        }

        return command;
    }

    private static double? Number(ArgumentResult result, string option)
    {
        var text = result.Tokens[^1].Value;
        return Numbers.TryParse(text, out double number) ? number : Refuse(result, $"{option} must be a number, not '{text}'{Numbers.Hint(text, isWhole: false)}");
    }

    private static long? Integer(ArgumentResult result, string option, long least, long most)
    {
        var text = result.Tokens[^1].Value;
        return !Numbers.TryParse(text, out long number) ? Refuse(result, $"{option} must be an integer, not '{text}'{Numbers.Hint(text, isWhole: true)}")
            : number < least ? Refuse(result, $"{option} must be at least {least}, not {text}")
            : number > most ? Refuse(result, $"{option} must be at most {most}, not {text}")
            : number;
    }

    private static long? Refuse(ArgumentResult result, string problem)
    {
        result.AddError(problem);
        return null;
    }
}

/// <summary>Options that are lists: names or numbers with commas between them.</summary>
internal static class ListOption
{
    /// <summary>Reads one.</summary>
    /// <param name="option">The option.</param>
    /// <param name="text">What it was set to.</param>
    /// <param name="example">What it should look like, as messages say it.</param>
    /// <exception cref="UsageException">It has other separators, an empty place, or something twice.</exception>
    internal static string[] Read(string option, string text, string example)
    {
        var entries = text.Split(',', StringSplitOptions.TrimEntries);
        return entries.Any(static entry => entry.Length == 0 || entry.Any(char.IsWhiteSpace)) ? throw new UsageException($"{option} must be {example}, not '{text}'")
            : entries.GroupBy(static entry => entry).FirstOrDefault(static same => same.Count() > 1) is { } twice ? throw new UsageException($"{option} has {twice.Key} twice: '{text}'")
            : entries;
    }
}
