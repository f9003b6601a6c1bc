using DasSearch.Core.Configuration;
using DasSearch.Data.Imaging;
using DasSearch.Data.Tasks.Folders;
using DasSearch.Data.Tests.Support;
using DasSearch.Fuzzing;
using Xunit.Abstractions;

namespace DasSearch.Data.Tests.Folders;

/// <summary>Damaged pictures and tables: they are read, or refused in one sentence.</summary>
public sealed class FolderFuzzTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-fuzz-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("*.png")]
    [InlineData("*.jpg")]
    [InlineData("*.gif")]
    [InlineData("*.webp")]
    public void Pictures(string pattern)
    {
        var path = Path.Combine(_folder.FullName, "picture");
        var sound = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "pictures"), pattern).Where(static file => file.Contains("quarters", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        output.WriteLine($"{Fuzz.Check($"pictures {pattern}", 100, sound, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            _ = PictureFile.Read(path);
        }, new FuzzLimits(Own: 1L << 30, IsBinary: true))}");
    }

    [Theory]
    [InlineData("nlvr2", "nlvr2/data/dev.json")]
    [InlineData("vqav2", "v2_OpenEnded_mscoco_val2014_questions.json")]
    [InlineData("vqav2", "v2_mscoco_val2014_annotations.json")]
    [InlineData("flickr30k", "dataset_flickr30k.json")]
    [InlineData("scienceqa", "problems.json")]
    [InlineData("vtab", "train800.txt")]
    [InlineData("scienceqa", "pid_splits.json")]
    public void Tables(string task, string file)
    {
        var path = new DrawnFolders(_folder.FullName).Write(task).PathOf(file);
        var settings = new DataConfig { Root = _folder.FullName, HeldOut = 2, FewestAnswers = 1 };
        output.WriteLine($"{Fuzz.Check($"{task} {file}", 60, [File.ReadAllBytes(path)], bytes =>
        {
            File.WriteAllBytes(path, bytes);
            var facts = FolderCheck.Of(task, settings, opensPictures: false, CancellationToken.None);
            Assert.All(facts.Findings, static finding => Assert.False(finding.ToString().Any(char.IsControl), finding.ToString()));
        })}");
    }
}
