using DasSearch.Core.Configuration;
using DasSearch.Data.Tasks;

namespace DasSearch.Data.Folders;

/// <summary>ScienceQA (Lu et al., arXiv:2209.09513): questions of two to five choices, with a picture or without; the answer is a letter.</summary>
/// <remarks>A text is the question, its choices and then its context, so that what is cut is context.</remarks>
internal sealed class ScienceQaFolder : IDataFolder
{
    private static readonly string[] _letters = ["A", "B", "C", "D", "E"];
    private static readonly string[] _splits = ["train", "val", "test"];

    public string Layout => "problems.json, pid_splits.json, and pictures in images/SPLIT/NUMBER/ (or SPLIT/NUMBER/)";

    public FolderSamples Read(DataRoot root, DataConfig settings, Findings findings)
    {
        var problems = JsonTable.Read<Dictionary<string, Problem?>>(root.Table(["problems.json"]), "problems of ScienceQA");
        var splits = JsonTable.Read<Dictionary<string, IReadOnlyList<string>?>>(root.Table(["pid_splits.json"]), "splits of ScienceQA");
        return new FolderSamples(TaskKind.Classification, _letters, Pictures: 1, [.. _splits.Select(split => Read(root, split, problems, splits, findings))]);
    }

    private static List<FolderSample> Read(
        DataRoot root, string split, Dictionary<string, Problem?> problems, Dictionary<string, IReadOnlyList<string>?> splits, Findings findings)
    {
        var (samples, pictures) = (new List<FolderSample>(), root.Folder($"images/{split}", split));
        foreach (var number in splits.GetValueOrDefault(split) ?? [])
        {
            if (problems.GetValueOrDefault(number) is not { } problem)
            {
                findings.Fault("problems that a split names and nobody asks", number);
            }
            else if (problem.Choices.Count < 2 || problem.Choices.Count > _letters.Length || problem.Choices.Contains(null!))
            {
                findings.Fault($"problems without two to {_letters.Length} choices", number);
            }
            else if (problem.Answer < 0 || problem.Answer >= problem.Choices.Count)
            {
                findings.Fault("answers that are no choice", number);
            }
            else if (problem.Image is { } image && !(DataRoot.IsPlain(number) && DataRoot.IsPlain(image)))
            {
                findings.Fault("names that are no picture's", image);
            }
            else
            {
                samples.Add(new FolderSample(problem.Image is null ? [] : [$"{pictures}/{number}/{problem.Image}"], TextOf(problem), problem.Answer) { Choices = problem.Choices.Count });
            }
        }

        return samples;
    }

    private static string TextOf(Problem problem) =>
        $"Question: {problem.Question} Options: {string.Join(' ', problem.Choices.Select(static (choice, i) => $"({_letters[i]}) {choice}"))}"
        + (string.IsNullOrWhiteSpace(problem.Hint) ? "" : $" Context: {problem.Hint}");

    private sealed record Problem(string Question, IReadOnlyList<string> Choices, int Answer, string? Hint = null, string? Image = null);
}
