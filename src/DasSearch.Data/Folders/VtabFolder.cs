using System.Globalization;
using DasSearch.Core.Configuration;
using DasSearch.Data.Tasks;
using DasSearch.Formats;

namespace DasSearch.Data.Folders;

/// <summary>A task of VTAB-1K (Zhai et al., arXiv:1910.04867) by lists of pictures and labels: 800 samples to learn from and 200 to choose settings by, or all 1,000 to learn from.</summary>
/// <remarks>A line is a picture's path within the folder, a blank and a label from 0 on. Classes are as many as the largest label of any list says.</remarks>
internal sealed class VtabFolder : IDataFolder
{
    private const string Text = "a photo.";
    private const string Tuning = "train800.txt", Final = "train800val200.txt", Validation = "val200.txt", Test = "test.txt";
    private const int MostClasses = 100_000;

    public string Layout => $"{Tuning}, {Validation}, {Final} and {Test}, lists with a picture's path within the folder and its label a line, such as 'images/test/000001.jpg 3'";

    public PictureShape Shape => PictureShape.Stretched;

    public FolderSamples Read(DataRoot root, DataConfig settings, Findings findings)
    {
        string[] lists = [settings.Lists == TrainingList.Final ? Final : Tuning, Validation, Test];
        IReadOnlyList<IReadOnlyList<FolderSample>> splits = [.. lists.Select(list => Read(root, list, findings))];
        var classes = 1 + splits.SelectMany(static split => split).Select(static sample => sample.Label).DefaultIfEmpty().Max();
        return new FolderSamples(
            TaskKind.Classification, [.. Enumerable.Range(0, classes).Select(static label => label.ToString(CultureInfo.InvariantCulture))], Pictures: 1, splits);
    }

    private static List<FolderSample> Read(DataRoot root, string list, Findings findings)
    {
        var samples = new List<FolderSample>();
        using var lines = new StreamReader(InputFile.Open(root.Table(list), InputKind.Table));
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            var end = line.LastIndexOf(' ');
            if (line.Length == 0)
            {
                continue;
            }

            if (end <= 0 || !int.TryParse(line.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var label) || label >= MostClasses)
            {
                findings.Fault("lines that are no samples", $"{list}, line {number}");
            }
            else if (!line[..end].Split('/').All(DataRoot.IsPlain))
            {
                findings.Fault("paths that lead out of the folder", $"{list}, line {number}");
            }
            else
            {
                samples.Add(new FolderSample([line[..end]], Text, label));
            }
        }

        return samples;
    }
}
