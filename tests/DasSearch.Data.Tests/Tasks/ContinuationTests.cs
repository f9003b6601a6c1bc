using DasSearch.Core;
using DasSearch.Data.Tasks;
using static TorchSharp.torch;

namespace DasSearch.Data.Tests.Tasks;

public sealed class ContinuationTests : IDisposable
{
    private const string Sample = """{"text": [1, 5], "options": [[7], [8, 9, 2]], "answer": 1}""";
    private const string Wider = """{"text": [3], "options": [[4], [5], [6, 7]], "answer": 0}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-continuations-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Batch_HasEveryContinuation_AndAsksForItsTokensAlone()
    {
        Write(Sample, Wider);
        var facts = Open().Facts;
        Assert.Equal((10, 3, 5, 0), (facts.Vocabulary, facts.Texts, facts.TextLength, facts.Images));
        using var batch = Open().Batch(Split.Test, epoch: 0, index: 0, size: 2);
        using var scope = NewDisposeScope();
        Assert.Equal([1L, 0L], batch.Labels.data<long>().ToArray());
        Assert.Equal([1L, 5, 7, 0, 0, 1, 5, 8, 9, 2, 1, 5, 0, 0, 0], batch.Texts.Ids[0].flatten().data<long>().ToArray());
        Assert.Equal([3L, 5, 2, 2, 2, 3], batch.Texts.Mask.sum([2L]).flatten().data<long>().ToArray());
        Assert.Equal(
            "00100" + "00111" + "00000" + "01000" + "01000" + "01100",
            string.Concat(batch.Texts.Asked!.flatten().data<bool>().ToArray().Select(static asked => asked ? '1' : '0')));
        using var part = batch.Part([1]);
        Assert.Equal([1L, 3, 3], part.Texts.Asked!.shape);
    }

    [Theory]
    [InlineData("[1]", "line 2 is no sample")]
    [InlineData("{", "line 2 is no JSON")]
    [InlineData("""{"text": [1], "options": [[2]], "answer": 0}""", "with 2 to 32 options")]
    [InlineData("""{"text": [1], "options": [[2], [3]], "answer": 2}""", "line 2 is no sample")]
    [InlineData("""{"text": [1], "options": [[2], [10]], "answer": 0}""", "line 2 has the id 10, expected one from 0 to 9")]
    [InlineData("""{"text": [1], "options": [[2], [-1]], "answer": 0}""", "has the id -1")]
    [InlineData("""{"text": [1], "options": [[2], [1.5]], "answer": 0}""", "has the id 1.5")]
    [InlineData("""{"text": [], "options": [[2], [3]], "answer": 0}""", "has no ids for a text")]
    [InlineData("""{"text": "Once", "options": [[2], [3]], "answer": 0}""", "has \"Once\" for a text, expected a list of ids")]
    public void Open_OfALineThatIsNoSample_SaysWhichAndWhy(string line, string expected)
    {
        Write(Sample, line);
        var message = Assert.Throws<DatasetException>(() => Open()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("train.jsonl", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfNoFolder_OrAnEmptyFile_SaysWhatIsMissing()
    {
        var error = Assert.Throws<DatasetException>(() => TaskTable.Named("continuations").Open(new DataSources(static _ => null), new TaskSettings()));
        Assert.Contains("CONTINUATIONS is not set", error.Message, StringComparison.Ordinal);
        Write(Sample);
        File.WriteAllText(PathOf("validation.jsonl"), "\n");
        Assert.Contains("validation.jsonl is empty", Assert.Throws<DatasetException>(() => Open()).Message, StringComparison.Ordinal);
        File.WriteAllText(PathOf("words.json"), """{"words": 0}""");
        Assert.Contains("does not say how many words there are", Assert.Throws<DatasetException>(() => Open()).Message, StringComparison.Ordinal);
        File.Delete(PathOf("words.json"));
        Assert.Contains("words.json cannot be read", Assert.ThrowsAny<DasSearchException>(() => Open()).Message, StringComparison.Ordinal);
    }

    private IVisionLanguageTask Open() => TaskTable.Named("continuations").Open(
        new DataSources(name => name == "CONTINUATIONS" ? _folder.FullName : null), new TaskSettings());

    private void Write(params string[] lines)
    {
        File.WriteAllText(PathOf("words.json"), """{"words": 10}""");
        foreach (var split in new[] { "train", "validation", "test" })
        {
            File.WriteAllLines(PathOf($"{split}.jsonl"), lines);
        }
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
