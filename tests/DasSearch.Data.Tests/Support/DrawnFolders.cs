using System.Text.Json;
using SkiaSharp;

namespace DasSearch.Data.Tests.Support;

/// <summary>Writes small data sets in each one's exact layout: drawn pictures of one colour with a stripe, and sentences about them.</summary>
/// <param name="root">The folder.</param>
internal sealed class DrawnFolders(string root)
{
    private static readonly (string Name, SKColor Colour)[] _colours =
    [
        ("red", SKColors.Red), ("green", SKColors.Lime), ("blue", SKColors.Blue), ("white", SKColors.White),
    ];

    /// <summary>The data set of a task.</summary>
    internal DrawnFolders Write(string task) => task switch
    {
        "nlvr2" => Nlvr2(),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "Nobody draws it."),
    };

    /// <summary>NLVR2: statements about the colours of two photos, so many pairs in each split.</summary>
    internal DrawnFolders Nlvr2(int pairs = 8)
    {
        foreach (var split in new[] { "train", "dev", "test1" })
        {
            WriteLines($"nlvr2/data/{split}.json", Enumerable.Range(0, pairs).Select(pair =>
            {
                var (left, right, identifier) = (pair % 4, pair % 3, $"{split}-{pair}-0");
                var photos = split == "train" ? $"images/train/{pair % 2}" : split;
                Draw($"{photos}/{identifier}-img0.png", left);
                Draw($"{photos}/{identifier}-img1.png", right);
                var line = new Dictionary<string, object>
                {
                    ["identifier"] = $"{identifier}-0",
                    ["sentence"] = $"Both images are {_colours[left].Name}.",
                    ["label"] = left == right ? "True" : "False",
                    ["synset"] = "colour",
                };
                if (split == "train")
                {
                    line["directory"] = pair % 2;
                }

                return line;
            }));
        }

        return this;
    }

    /// <summary>The path of a file.</summary>
    internal string PathOf(string relative) => Path.Combine(root, relative);

    /// <summary>Draws a picture.</summary>
    /// <param name="relative">The file.</param>
    /// <param name="colour">Which colour, from 0 to 3.</param>
    private void Draw(string relative, int colour)
    {
        using var bitmap = new SKBitmap(40, 32);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(_colours[colour].Colour);
        canvas.DrawRect(4, 0, 2, 32, new SKPaint { Color = SKColors.Black });
        var path = Made(relative);
        using var data = bitmap.Encode(path.EndsWith(".png", StringComparison.Ordinal) ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, 90);
        File.WriteAllBytes(path, data.ToArray());
    }

    private void WriteLines(string relative, IEnumerable<object> lines) =>
        File.WriteAllLines(Made(relative), lines.Select(static line => JsonSerializer.Serialize(line)));

    private string Made(string relative)
    {
        var path = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
