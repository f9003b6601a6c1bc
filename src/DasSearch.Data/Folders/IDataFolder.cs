using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Tasks;

namespace DasSearch.Data.Folders;

/// <summary>A data set in the layout in which its authors publish it: a new one is one class and a line in the table of tasks.</summary>
internal interface IDataFolder
{
    /// <summary>What a folder should have, in a few words.</summary>
    string Layout { get; }

    /// <summary>Of which shape its pictures are where nobody says otherwise.</summary>
    PictureShape Shape => PictureShape.Square;

    /// <summary>Reads the tables; no picture is opened.</summary>
    /// <param name="root">Where they are.</param>
    /// <param name="settings">How they are to be read.</param>
    /// <param name="findings">Told of what is wrong with single samples, which are left out.</param>
    /// <exception cref="DasSearchException">A table is missing, or is none.</exception>
    FolderSamples Read(DataRoot root, DataConfig settings, Findings findings);
}

/// <summary>The samples of a data set.</summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Answers">The answers or classes by index; empty where texts are ranked.</param>
/// <param name="Pictures">Pictures that a sample has at most.</param>
/// <param name="Splits">Those of the train, validation and test split.</param>
internal sealed record FolderSamples(TaskKind Kind, IReadOnlyList<string> Answers, int Pictures, params IReadOnlyList<IReadOnlyList<FolderSample>> Splits)
{
    /// <summary>What each class is called in a sentence, where pictures are to be told by that; else none.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Half of the classes alone, numbered anew, and the samples of these.</summary>
    /// <exception cref="ConfigException">Classes have no names.</exception>
    internal FolderSamples Of(ClassHalf half)
    {
        if (half == ClassHalf.All)
        {
            return this;
        }

        if (ClassNames.Count == 0)
        {
            throw new ConfigException("data.classes", "is for tasks whose classes have names, such as photos");
        }

        var middle = (Answers.Count + 1) / 2;
        var (from, count) = half == ClassHalf.Base ? (0, middle) : (middle, Answers.Count - middle);
        return new FolderSamples(
            Kind,
            [.. Answers.Skip(from).Take(count)],
            Pictures,
            [.. Splits.Select(split => split.Where(sample => sample.Label >= from && sample.Label < from + count).Select(sample => sample with { Label = sample.Label - from }).ToList())])
        { ClassNames = [.. ClassNames.Skip(from).Take(count)] };
    }
}

/// <summary>A sample before it becomes numbers.</summary>
/// <param name="Pictures">Files relative to the folder; where one is left out, a plain image stands in for it.</param>
/// <param name="Text">What is said or asked.</param>
/// <param name="Label">The answer's or class's index; 0 where texts are ranked.</param>
internal sealed record FolderSample(IReadOnlyList<string> Pictures, string Text, int Label)
{
    /// <summary>How many of the first answers there are to choose from; null for all.</summary>
    public int? Choices { get; init; }

    /// <summary>How right each answer is, of which most are not; null where one is right.</summary>
    public IReadOnlyList<AnswerScore>? Scores { get; init; }
}

/// <summary>How right an answer is.</summary>
/// <param name="Answer">Its index.</param>
/// <param name="Score">Above 0, at most 1.</param>
internal readonly record struct AnswerScore(int Answer, float Score);
