using DasSearch.Models.Backbones.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>What frozen encoders gave is computed once, and is what they would give.</summary>
public sealed class FeatureCacheTests : IDisposable
{
    private const string Encoder = "double-0123";

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-features-");
    private int _calls;

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    private string File => Path.Combine(_folder.FullName, Encoder + ".features");

    [Fact]
    public void Rows_SeenBefore_AreNotEncodedAgain_NorInAnotherProcess()
    {
        using (var cache = Open())
        {
            Assert.Equal([2f, 4, 6, 0, 8, 10, 0, 0], Ask(cache, [1, 2, 3], [4, 5]));
            Assert.Equal([8f, 10, 0, 0], Ask(cache, [4, 5]));
            Assert.Equal((2, 2), (_calls, cache.Encoded));
        }

        using var later = Open();
        Assert.Equal([8f, 10, 0, 0, 14, 0, 0, 0], Ask(later, [4, 5], [7]));
        Assert.Equal((3, 1), (_calls, later.Encoded));
    }

    [Fact]
    public void Rows_BeyondTheLimit_AreEncodedEachTime_AndRight()
    {
        using var cache = Open(most: 70);
        for (var again = 0; again < 2; again++)
        {
            Assert.Equal([2f, 4, 6, 8], Ask(cache, [1, 2, 3, 4]));
            Assert.Equal([10f, 12, 14, 16], Ask(cache, [5, 6, 7, 8]));
            Assert.Equal([18f, 20, 22, 24], Ask(cache, [9, 10, 11, 12]));
            Assert.Equal([26f, 28, 30, 32], Ask(cache, [13, 14, 15, 16]));
            Assert.Equal([34f, 36, 38, 40], Ask(cache, [17, 18, 19, 20]));
        }

        Assert.InRange(cache.Encoded, 6, 10);
        Assert.InRange(new FileInfo(File).Length, 17, 70);
    }

    [Fact]
    public void Rows_OfEarlierRuns_MakeWayAtTheLimit_ForWhatALaterOneAsksFor()
    {
        const int Most = 16 + (4 * (32 + 8)); // four rows of two numbers
        using (var captions = Open(Most))
        {
            Ask(captions, [1, 1], [2, 2], [3, 3], [4, 4], [5, 5]);
        }

        using (var again = Open(Most))
        {
            Ask(again, [1, 1], [2, 2], [3, 3], [4, 4], [5, 5]);
            Assert.Equal(1, again.Encoded); // it has asked for all that was there, so that all stays
        }

        using (var questions = Open(Most))
        using (var reader = Open(Most))
        {
            Ask(questions, [3, 3]);
            Ask(reader, [1, 1]); // which opens the file
            Ask(questions, [6, 6], [7, 7], [8, 8], [9, 9]);
            Assert.Equal(4, questions.Encoded);
            Assert.Equal([2f, 2, 0, 0, 4, 4, 0, 0, 6, 6, 0, 0, 8, 8, 0, 0], Ask(reader, [1, 1], [2, 2], [3, 3], [4, 4]));
            Assert.Equal(0, reader.Encoded); // from the file that it opened
        }

        using var later = Open(Most);
        Assert.Equal([6f, 6, 0, 0, 12, 12, 0, 0, 14, 14, 0, 0, 16, 16, 0, 0], Ask(later, [3, 3], [6, 6], [7, 7], [8, 8]));
        Assert.Equal(0, later.Encoded);
        Assert.Equal(Most, new FileInfo(File).Length);
        Assert.Equal([Path.GetFileName(File), Path.GetFileName(File) + ".lock"], _folder.GetFiles().Select(static file => file.Name).Order());
    }

    [Fact]
    public void Rows_WhileAnotherProcessWrites_AreReadFromWhatItHas()
    {
        using var writer = Open();
        Ask(writer, [1, 2]);
        using var reader = Open();
        Assert.Equal([2f, 4, 0, 0, 6, 8, 0, 0], Ask(reader, [1, 2], [3, 4]));
        Assert.Equal(1, reader.Encoded);
    }

    [Fact]
    public void Rows_OfTwoProcessesAtOnce_AreWrittenByOne()
    {
        using (var first = Open())
        using (var second = Open())
        {
            for (var i = 0; i < 4; i++)
            {
                Ask(first, [i, i]);
                Ask(second, [10 + i]);
            }
        }

        using var later = Open();
        Assert.Equal([0f, 0, 0, 0, 2, 2, 0, 0, 4, 4, 0, 0, 6, 6, 0, 0], Ask(later, [0, 0], [1, 1], [2, 2], [3, 3]));
        Assert.Equal(0, later.Encoded);
        Assert.Equal([20f, 0, 0, 0], Ask(later, [10]));
        Assert.Equal(1, later.Encoded);
    }

    [Theory]
    [InlineData("das features 1\n\0")]
    [InlineData("das features 2\n\0")]
    public void Rows_OfAnEarlierVersionsFile_AreComputed_AndReplaceIt(string head)
    {
        System.IO.File.WriteAllBytes(File, [.. System.Text.Encoding.ASCII.GetBytes(head), .. new byte[100]]);
        using (var cache = Open())
        {
            Ask(cache, [1, 2]);
        }

        using var later = Open();
        Assert.Equal([2f, 4, 0, 0], Ask(later, [1, 2]));
        Assert.Equal(0, later.Encoded);
    }

    [Fact]
    public void Rows_WhereAnotherProgramsFileLies_AreRight_AndLeaveItAlone()
    {
        var other = Enumerable.Range(0, 100).Select(static i => (byte)i).ToArray();
        System.IO.File.WriteAllBytes(File, other);
        using (var cache = Open())
        {
            Assert.Equal([2f, 4, 0, 0], Ask(cache, [1, 2]));
        }

        Assert.Equal(other, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void Rows_OfADamagedFile_AreRight()
    {
        using (var cache = Open())
        {
            Ask(cache, [1, 2, 3], [4, 5]);
        }

        var whole = System.IO.File.ReadAllBytes(File);
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var bytes = whole.ToArray();
            for (var change = 0; change < 4; change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            System.IO.File.WriteAllBytes(File, bytes[..random.Next(bytes.Length + 1)]);
            using var cache = Open();
            Assert.Equal([2f, 4, 6, 0, 8, 10, 0, 0], Ask(cache, [1, 2, 3], [4, 5]));
        }
    }

    private FeatureCache Open(long most = 1 << 20) => new(_folder.FullName, most);

    // Twice its input, a row of numbers: [1, tokens] to [1, tokens, 1].
    private float[] Ask(FeatureCache cache, params float[][] inputs) =>
        cache.Rows(Encoder, [.. inputs.Select(static row => tensor(row).unsqueeze(0))], 4, missing =>
        {
            _calls += missing.Count;
            return [.. missing.Select(static row => (2 * row).unsqueeze(2))];
        }).data<float>().ToArray();
}
