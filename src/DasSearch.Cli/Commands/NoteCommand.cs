using System.CommandLine;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Store;

namespace DasSearch.Cli.Commands;

/// <summary><c>das note RUN</c>: what somebody says of a run, to find it again by or to know later what it was for.</summary>
internal static class NoteCommand
{
    private const string Examples = """
        das note 3                                          print what there is
        das note 3 --tag baseline --tag seed-study          tags, which das runs and the dashboard show
        das note 3 --text 'With **eval** mode, see run 2.'  notes in Markdown, which replace those before
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var run = RunArgument.Create();
        var text = new Option<string?>("--text") { Description = "Its notes, in Markdown, in the place of those before.", HelpName = "TEXT" };
        var file = new Option<string?>("--file") { Description = "A file to read the notes from.", HelpName = "FILE" };
        var clear = new Option<bool>("--clear") { Description = "Remove the notes." };
        var tag = new Option<string[]>("--tag") { Description = "A word to tag it with; may be given several times.", HelpName = "TAG", DefaultValueFactory = static _ => [] };
        var untag = new Option<string[]>("--untag") { Description = "A tag to take away; likewise.", HelpName = "TAG", DefaultValueFactory = static _ => [] };
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new CommandWithExamples("note", "Note something of a run, tag it, or print its notes and tags.", Examples) { run, text, file, clear, tag, untag, database, json };
        command.Validators.Add(result =>
        {
            if (new[] { result.GetValue(text) is not null, result.GetValue(file) is not null, result.GetValue(clear) }.Count(static given => given) > 1)
            {
                result.AddError("--text, --file and --clear exclude each other: there is one text of notes.");
            }
        });
        command.SetAction(parsed =>
        {
            using var store = DatabaseOption.Open(parsed, database);
            var found = store.Read.Find(parsed.GetRequiredValue(run)).Summary;
            var (added, removed) = (parsed.GetRequiredValue(tag), parsed.GetRequiredValue(untag));
            var annotation = new Annotation
            {
                Notes = parsed.GetValue(clear) ? "" : parsed.GetValue(file) is { } path ? InputFile.ReadText(path, InputKind.Notes) : parsed.GetValue(text),
                Tags = added.Length + removed.Length > 0 ? [.. found.TagList.Union(added).Except(removed)] : null,
            };
            if (annotation is not { Notes: null, Tags: null })
            {
                store.Annotate(found.Run, annotation);
                found = store.Read.Run(found.Run).Summary;
            }

            if (parsed.GetValue(json))
            {
                JsonOption.Write(context.Terminal, new { found.Run, found.Name, Tags = found.TagList, found.Notes });
                return;
            }

            context.Terminal.WriteLine(SingleLine.Of($"run {found.Run}  {found.Name}  tags: {(found.Tags.Length > 0 ? found.Tags : "none")}"));
            foreach (var line in found.Notes.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                context.Terminal.WriteLine(SingleLine.Of(line));
            }
        });
        return command;
    }
}
