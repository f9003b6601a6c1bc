using DasSearch.Core;
using DasSearch.Data.Tasks;
using DasSearch.Data.Text;
using DasSearch.Data.WordNet;

namespace DasSearch.Data.Tests.Tasks;

public sealed class GlossTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-wordnet-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_LinesOfWordNet_GivesGlossesWithoutExamples_OfTheirClasses()
    {
        Write("  1 This is a licence.\n00001740 03 n 01 entity 0 003 ~ 00001930 n 0000 | that which is perceived; \"it was full of entities\"  \n");
        var glosses = Enum.GetValues<Split>().SelectMany(WordNetGlosses.Load(_folder.FullName).Of).ToList();
        Assert.Equal([new Gloss("that which is perceived", 3)], glosses.Where(static gloss => gloss.Class == 3));
        Assert.Equal("noun.Tops", WordNetGlosses.Classes[3]);
    }

    [Theory]
    [InlineData("not WordNet's", "line 1 is no sense")]
    [InlineData("00001740 77 n 01 entity 0 000 | a", "line 1 is no sense")]
    [InlineData("00001740 03 n ff entity 0 000 | a", "line 1 is no sense")]
    public void Load_AnotherFile_IsRefused(string line, string expected)
    {
        Write(line);
        var message = Assert.Throws<DatasetException>(() => WordNetGlosses.Load(_folder.FullName)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("WORDNET", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFolder_SaysWhatToDo() => Assert.Contains(
        "apt-get install wordnet-base", Assert.Throws<DatasetException>(() => WordNetGlosses.Load(Path.Combine(_folder.FullName, "none"))).Message, StringComparison.Ordinal);

    // Words of several splits are in none: whichever way a gloss's words fall, each word is read in its own split alone.
    [Fact]
    public void Load_AGlossOfSeveralWords_BelongsToTheirSplit_OrToNone()
    {
        var words = Enumerable.Range(0, 400).Select(static i => $"word{i}").ToList();
        Write(string.Join('\n', words.Select((word, i) => $"00000000 0{i % 4 + 4} n 02 {word} 0 {words[(i + 1) % 400]} 0 000 | {word} and {words[(i + 1) % 400]}")));
        var glosses = WordNetGlosses.Load(_folder.FullName);
        var read = Enum.GetValues<Split>().ToDictionary(split => split, split => glosses.Of(split).SelectMany(static gloss => gloss.Text.Split(" and ")).ToHashSet());
        Assert.Equal(read.Values.Sum(static set => set.Count), read.Values.SelectMany(static set => set).Distinct().Count());
        Assert.All(read, static split => Assert.All(split.Value.Where(static word => word.StartsWith("word", StringComparison.Ordinal)), word => Assert.Equal(split.Key, WordNetGlosses.SplitOf(word))));
    }

    [Fact]
    public void Task_OnTheRealFiles_HasTextsAlone_AndTheSameBatchTwice()
    {
        var task = Open(TokenizerTable.Named("minilm"));
        Assert.Equal((0, 0, 1, 45), (task.Facts.Images, task.Facts.ImageSide, task.Facts.Passes, task.Facts.Answers.Count));
        Assert.Equal([10_000, 2_000, 4_000], task.Facts.Sizes);
        using var batch = task.Batch(Split.Train, epoch: 1, index: 3, size: 8);
        using var again = Open(TokenizerTable.Named("minilm")).Batch(Split.Train, epoch: 1, index: 3, size: 8);
        Assert.Empty(batch.Images);
        Assert.Equal(batch.Texts.Ids.bytes.ToArray(), again.Texts.Ids.bytes.ToArray());
        Assert.Equal(batch.Labels.bytes.ToArray(), again.Labels.bytes.ToArray());
        using var part = batch.Part([0, 5]);
        Assert.Equal(2, part.Size);
    }

    [Fact]
    public void Task_OfAClosedListOfWords_IsRefused() =>
        Assert.Contains("such as minilm", Assert.Throws<DasSearchException>(() => Open(null)).Message, StringComparison.Ordinal);

    private static IVisionLanguageTask Open(ITokenizer? tokenizer) => TaskTable.Named("wordnet-gloss").Open(
        new DataSources(Environment.GetEnvironmentVariable), new TaskSettings { View = new BackboneView(tokenizer, null) });

    // The other files have a gloss of each split.
    private void Write(string nouns)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "data.noun"), nouns);
        var others = Enum.GetValues<Split>().Select(static split => Enumerable.Range(0, 1000).Select(static i => $"other{i}").First(word => WordNetGlosses.SplitOf(word) == split));
        foreach (var name in new[] { "data.verb", "data.adj", "data.adv" })
        {
            File.WriteAllText(Path.Combine(_folder.FullName, name), string.Join('\n', others.Select(static word => $"00000000 30 v 01 {word} 0 000 | of {word}")));
        }
    }
}
