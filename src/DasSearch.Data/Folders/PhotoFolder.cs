using DasSearch.Core.Configuration;
using DasSearch.Data.Imaging;
using DasSearch.Data.Tasks;
using DasSearch.Formats;

namespace DasSearch.Data.Folders;

/// <summary>Pictures in a folder a class, as ImageNet and others come: which class does a picture show?</summary>
/// <remarks>
/// Classes are the folders of <c>train</c>, in their order. Where there is no folder <c>test</c>, every other picture of <c>val</c> is the test's. A class is called
/// as its folder is, with blanks for underscores, unless <c>classnames.txt</c> says otherwise, as CoOp's (arXiv:2109.01134) for ImageNet does.
/// </remarks>
internal sealed class PhotoFolder : IDataFolder
{
    // What a backbone reads beside the picture: the same for each.
    private const string Text = "a photo.";
    private const string Names = "classnames.txt";

    public string Layout => $"train/CLASS/, val/CLASS/ and test/CLASS/ with pictures ({string.Join(", ", PictureFile.Endings)}); without test/ it is half of val/; {Names}, where it is there, with a CLASS, a blank and what it is called a line";

    public FolderSamples Read(DataRoot root, DataConfig settings, Findings findings)
    {
        var classes = FoldersOf(root, "train");
        var train = Read(root, "train", classes, findings);
        var validation = Read(root, "val", classes, findings);
        var isHalved = !Directory.Exists(root.Of("test"));
        return new FolderSamples(
            TaskKind.Classification,
            classes,
            Pictures: 1,
            train,
            isHalved ? [.. validation.Where(static (_, i) => i % 2 == 0)] : validation,
            isHalved ? [.. validation.Where(static (_, i) => i % 2 == 1)] : Read(root, "test", classes, findings)) { ClassNames = NamesOf(root, classes, findings) };
    }

    private static List<string> NamesOf(DataRoot root, List<string> classes, Findings findings)
    {
        if (!File.Exists(root.Of(Names)))
        {
            return [.. classes.Select(static name => name.Replace('_', ' '))];
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        using var lines = new StreamReader(InputFile.Open(root.Of(Names), InputKind.Table));
        while (lines.ReadLine() is { } line)
        {
            if (line.Split(' ', 2, StringSplitOptions.TrimEntries) is [var name, { Length: > 0 } called])
            {
                names[name] = called;
            }
        }

        foreach (var name in classes.Where(name => !names.ContainsKey(name)))
        {
            findings.Fault($"classes that {Names} does not name", name);
        }

        return [.. classes.Select(name => names.GetValueOrDefault(name, name))];
    }

    private static List<FolderSample> Read(DataRoot root, string split, List<string> classes, Findings findings)
    {
        var samples = new List<FolderSample>();
        foreach (var name in FoldersOf(root, split))
        {
            var label = classes.IndexOf(name);
            var pictures = Directory.EnumerateFiles(root.Of($"{split}/{name}")).Select(static path => Path.GetFileName(path)!)
                .Where(static file => PictureFile.Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToList();
            if (label < 0)
            {
                findings.Fault("classes that train/ does not have", $"{split}/{name}");
            }
            else if (pictures.Count == 0)
            {
                findings.Fault("classes without pictures", $"{split}/{name}");
            }
            else
            {
                samples.AddRange(pictures.Select(picture => new FolderSample([$"{split}/{name}/{picture}"], Text, label)));
            }
        }

        return samples;
    }

    /// <exception cref="DatasetException">There is no such folder.</exception>
    private static List<string> FoldersOf(DataRoot root, string split) => Directory.Exists(root.Of(split))
        ? [.. Directory.EnumerateDirectories(root.Of(split)).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
        : throw new DatasetException($"{root.Path} lacks {split}/, expected a folder a class in it.");
}
