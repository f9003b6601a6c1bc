using DasSearch.Data.Emoji;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tests.Support;
using SkiaSharp;

namespace DasSearch.Data.Tests.Emoji;

/// <summary>Names and pictures are outside files: whatever they are, there is one sentence.</summary>
public sealed class EmojiFilesTests : IDisposable
{
    private const string Good =
        """{"name":"RED APPLE: *","category":"Food & Drink","subcategory":"food-fruit","sheet_x":1,"sheet_y":0,"has_img_google":true,"has_img_twitter":true}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emoji ");

    public EmojiFilesTests()
    {
        Write("emoji.json", $"[{Good}]");
        WriteSheet("google.png", 132, 132, SKColors.Red);
        WriteSheet("twitter.png", 132, 132, SKColors.Blue);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_AFolder_HasItsThingInPlainWords()
    {
        var thing = Assert.Single(EmojiPictures.Load(_folder.FullName).Things);
        Assert.Equal(("red apple *", "food fruit", "food and drink", "a red apple *"), (thing.Name, thing.Kind, thing.Group, $"{thing}"));
    }

    [Theory]
    [InlineData("", "no list of emoji")]
    [InlineData("[", "no list of emoji")]
    [InlineData("{}", "an array of 1 to 10000 objects")]
    [InlineData("[]", "an array of 1 to 10000 objects")]
    [InlineData("[7]", "entry 0 is no object")]
    [InlineData("[{}]", "'category' of its entry 0 should be a text")]
    [InlineData("[GOOD,{\"category\":7}]", "'category' of its entry 1")]
    [InlineData("[{\"category\":\"\\ud800\"}]", "no list of emoji")]
    public void Load_NamesThatAreNone_SayWhere(string json, string expected)
    {
        Write("emoji.json", json.Replace("GOOD", Good, StringComparison.Ordinal));
        Refused(expected);
    }

    [Theory]
    [InlineData("\"RED APPLE: *\"", "\":\"", "'name' of its entry 0 should be some words")]
    [InlineData("\"sheet_x\":1", "\"sheet_x\":-1", "'sheet_x' of its entry 0 should be a number from 0 to 99")]
    [InlineData("\"sheet_x\":1", "\"sheet_x\":1e300", "'sheet_x'")]
    [InlineData("\"sheet_x\":1", "\"sheet_x\":2", "2×2 pictures, but 'red apple *' should be in column 2, row 0")]
    [InlineData("\"has_img_google\":true", "\"has_img_google\":null", "should be true or false")]
    public void Load_AnEntryThatIsWrong_SaysWhatIsExpected(string part, string instead, string expected)
    {
        Write("emoji.json", $"[{Good.Replace(part, instead, StringComparison.Ordinal)}]");
        Refused(expected);
    }

    [Theory]
    [InlineData(132, 66, "expected Png, square")]
    [InlineData(131, 131, "expected Png, square")]
    [InlineData(6666, 6666, "of 1 to 100 cells")]
    public void Load_ASheetOfAnotherSize_IsRefused(int width, int height, string expected)
    {
        WriteSheet("twitter.png", width, height, SKColors.Red);
        Refused(expected);
    }

    [Fact]
    public void Load_ASheetThatIsNone_IsRefused()
    {
        Write("google.png", "PNG, says its name");
        Refused("it is no PNG");
    }

    [Fact]
    public void Load_ASheetThatEndsEarly_IsRefused()
    {
        var path = PathOf("google.png");
        var bytes = File.ReadAllBytes(path);
        for (var length = bytes.Length / 2; length > 0; length -= 7)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Refused("google.png is no sheet of emoji");
        }
    }

    [Fact]
    public void Load_AnEmptyCell_IsRefused()
    {
        WriteSheet("google.png", 132, 132, SKColors.Transparent);
        Refused("shows nothing where 'red apple *' should be");
    }

    [Theory]
    [InlineData("emoji.json")]
    [InlineData("google.png")]
    [InlineData("twitter.png")]
    public void Load_AFileThatIsMissing_IsNamed(string name)
    {
        File.Delete(PathOf(name));
        Refused($"EmojiVL's {name} was expected in {_folder.FullName}");
    }

    [Fact]
    public void Open_NoFolderIsSet_SaysWhatToDo()
    {
        var error = Assert.Throws<DatasetException>(() => TaskTable.Named("emojivl-vqa").Open(new DataSources(static _ => null), new TaskSettings()));
        Assert.Equal(
            "EmojiVL's names and pictures are missing: EMOJI_DATA is not set; take them from the npm registry with ./das setup emojivl, "
            + "or set EMOJI_DATA to a folder with emoji.json, google.png and twitter.png.",
            error.Message);
    }

    [Fact]
    public void Load_TheRealFiles_HaveSome1900NamesOfWhichATenthIsUnseen()
    {
        var things = RealEmoji.Benchmark.World(Split.Test).Items;
        Assert.Equal(1846, things.Count);
        Assert.Equal(things.Count, things.Select(thing => thing.Name).Distinct().Count());
        Assert.Equal(things.Count / 10.0, things.Count(thing => thing.IsUnseen), 10.0);
        Assert.Equal((9, 98), (things.Select(thing => thing.Group).Distinct().Count(), things.Select(thing => thing.Kind).Distinct().Count()));
        Assert.All(things.GroupBy(thing => thing.Kind), kind => Assert.Contains(kind, thing => !thing.IsUnseen));
        Assert.All(things, thing => Assert.Matches("^[^ A-Z.,?:&()]+( [^ A-Z.,?:&()]+){0,5}$", thing.Name));
    }

    [Fact]
    public void Pictures_OfTheTest_AreNoneOfTheTraining()
    {
        var pictures = EmojiPictures.Load(RealEmoji.Folder);
        var trained = pictures.Things.Select(thing => Convert.ToHexString(pictures.Of(Split.Train).Half(thing.Picture))).ToHashSet(StringComparer.Ordinal);
        var tested = pictures.Things.Select(thing => Convert.ToHexString(pictures.Of(Split.Test).Half(thing.Picture))).ToHashSet(StringComparer.Ordinal);
        Assert.Equal((pictures.Things.Count, pictures.Things.Count), (trained.Count, tested.Count));
        Assert.DoesNotContain(tested, trained.Contains);
    }

    private void Refused(string expected)
    {
        var error = Assert.Throws<DatasetException>(() => EmojiPictures.Load(_folder.FullName));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("google.png and twitter.png.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    private void WriteSheet(string name, int width, int height, SKColor colour)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(colour);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(PathOf(name), png.ToArray());
    }
}
