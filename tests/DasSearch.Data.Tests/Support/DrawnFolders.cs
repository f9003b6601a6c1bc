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
        "vqav2" => Vqa2(),
        "flickr30k" => Flickr30K(),
        "photos" => Photos(),
        "vtab" => Vtab(),
        "scienceqa" or "scienceqa-likelihood" => ScienceQa(),
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

    /// <summary>VQAv2: what colour a photo is, asked of so many photos of train2014 and of val2014; of ten people one or more say so.</summary>
    internal DrawnFolders Vqa2(int photos = 8)
    {
        foreach (var file in new[] { "train2014", "val2014" })
        {
            var numbers = Enumerable.Range(file == "train2014" ? 9 : 581000, photos).ToList();
            foreach (var number in numbers)
            {
                Draw($"{file}/COCO_{file}_{number:D12}.jpg", number % 4);
            }

            Write($"v2_OpenEnded_mscoco_{file}_questions.json", new
            {
                info = new { version = "2.0" },
                questions = numbers.Select(static number => new { image_id = number, question = "What colour is it?", question_id = (number * 1000L) + 1 }),
            });
            Write($"v2_mscoco_{file}_annotations.json", new
            {
                annotations = numbers.Select(static number => new
                {
                    question_type = "what colour",
                    multiple_choice_answer = _colours[number % 4].Name,
                    answers = Enumerable.Range(1, 10).Select(person => new
                    {
                        answer = person <= 1 + (number % 4) ? _colours[number % 4].Name : "some colour",
                        answer_confidence = "yes",
                        answer_id = person,
                    }),
                    image_id = number,
                    question_id = (number * 1000L) + 1,
                }),
            });
        }

        return this;
    }

    /// <summary>Flickr30K: photos with three captions each, two of which differ, in Karpathy's splits.</summary>
    internal DrawnFolders Flickr30K(int photosOfASplit = 4)
    {
        var photos = new[] { "train", "val", "test" }.SelectMany(split => Enumerable.Range(0, photosOfASplit).Select(photo => (Split: split, Colour: photo % 4))).ToList();
        Write("dataset_flickr30k.json", new
        {
            images = photos.Select(static (photo, i) => new
            {
                sentids = new[] { 3 * i, (3 * i) + 1, (3 * i) + 2 },
                imgid = i,
                sentences = new[] { "A {0} picture.", "It is {0}.", "It is {0}." }.Select((caption, sentence) => new
                {
                    tokens = Array.Empty<string>(),
                    raw = caption.Replace("{0}", _colours[photo.Colour].Name, StringComparison.Ordinal),
                    imgid = i,
                    sentid = (3 * i) + sentence,
                }),
                split = photo.Split,
                filename = $"{1000092795 + i}.jpg",
            }),
            dataset = "flickr30k",
        });
        foreach (var (i, photo) in photos.Index())
        {
            Draw($"flickr30k-images/{1000092795 + i}.jpg", photo.Colour);
        }

        return this;
    }

    /// <summary>A folder a class: red and green pictures.</summary>
    internal DrawnFolders Vtab()
    {
        Draw("images/train/a.png", 0);
        Draw("images/train/b.png", 1);
        Draw("images/test/c.png", 1);
        WriteText("train800.txt", "images/train/a.png 0\nimages/train/b.png 1\n");
        WriteText("val200.txt", "images/train/b.png 1\n");
        WriteText("train800val200.txt", "images/train/a.png 0\nimages/train/b.png 1\nimages/train/b.png 1\n");
        WriteText("test.txt", "images/test/c.png 2\n");
        return this;

        void WriteText(string file, string text) => File.WriteAllText(PathOf(file), text);
    }

    internal DrawnFolders Photos(int picturesOfAClass = 4, int classes = 2)
    {
        foreach (var (split, colour, picture) in from split in new[] { "train", "val" } from colour in Enumerable.Range(0, classes) from picture in Enumerable.Range(0, picturesOfAClass) select (split, colour, picture))
        {
            Draw($"{split}/{_colours[colour].Name}/{picture}.JPEG", colour);
        }

        return this;
    }

    /// <summary>ScienceQA: which colour a picture has, with two choices; every other problem has no picture and says it.</summary>
    internal DrawnFolders ScienceQa(int problemsOfASplit = 6)
    {
        var splits = new[] { "train", "val", "test" };
        var problems = splits.SelectMany(split => Enumerable.Range(0, problemsOfASplit).Select(problem => (Split: split, Colour: problem % 2, HasPicture: problem % 4 < 2))).ToList();
        Write("problems.json", problems.Index().ToDictionary(static entry => $"{entry.Index + 1}", static entry => new
        {
            question = "Which colour is it?",
            choices = new[] { "red", "green" },
            answer = entry.Item.Colour,
            hint = entry.Item.HasPicture ? "" : $"It is {_colours[entry.Item.Colour].Name}.",
            image = entry.Item.HasPicture ? "image.png" : null,
            subject = "natural science",
            split = entry.Item.Split,
        }));
        Write("pid_splits.json", splits.ToDictionary(
            static split => split, split => problems.Index().Where(entry => entry.Item.Split == split).Select(static entry => $"{entry.Index + 1}").ToArray()));
        foreach (var (i, problem) in problems.Index().Where(static entry => entry.Item.HasPicture))
        {
            Draw($"images/{problem.Split}/{i + 1}/image.png", problem.Colour);
        }

        return this;
    }

    /// <summary>Writes a document.</summary>
    internal void Write(string relative, object document) => File.WriteAllText(Made(relative), JsonSerializer.Serialize(document));

    /// <summary>The path of a file.</summary>
    internal string PathOf(string relative) => Path.Combine(root, relative);

    /// <summary>Draws a picture.</summary>
    /// <param name="relative">The file.</param>
    /// <param name="colour">Which colour, from 0 to 3.</param>
    private void Draw(string relative, int colour)
    {
        using var bitmap = new SKBitmap(colour == 1 ? 64 : 40, 32); // green pictures are wider
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
