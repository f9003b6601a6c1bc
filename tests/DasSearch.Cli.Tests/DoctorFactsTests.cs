using DasSearch.App;
using DasSearch.Cli.Doctor;

namespace DasSearch.Cli.Tests;

public sealed class DoctorFactsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das doctor ");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void FashionMnist_AllFilesPackedOrNot_IsFound()
    {
        Write("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte");

        var facts = FashionMnist();

        Assert.True(facts.Found);
        Assert.Null(facts.Remedy);
        Assert.Equal(_folder.FullName, facts.Path);
    }

    [Fact]
    public void FashionMnist_OneFileShort_NamesIt()
    {
        Write("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz");

        var facts = FashionMnist();

        Assert.False(facts.Found);
        Assert.Contains("t10k-labels-idx1-ubyte", facts.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("train", facts.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void FashionMnist_NoFolder_SaysHowToGetIt()
    {
        var facts = DatasetFacts.FashionMnist(_ => Path.Combine(_folder.FullName, "none"));

        Assert.False(facts.Found);
        Assert.Contains("dataset-fashion-mnist", facts.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void CpuName_SystemWithoutTheFile_IsUnknown()
    {
        Assert.Null(MachineFacts.CpuName(Path.Combine(_folder.FullName, "cpuinfo")));

        File.WriteAllText(Path.Combine(_folder.FullName, "cpuinfo"), "processor\t: 0\nmodel name\t: Some CPU @ 2.0GHz\n\nmodel name\t: Other\n");
        Assert.Equal("Some CPU @ 2.0GHz", MachineFacts.CpuName(Path.Combine(_folder.FullName, "cpuinfo")));
    }

    private DatasetFacts FashionMnist() =>
        DatasetFacts.FashionMnist(name => name == "FASHION_MNIST" ? _folder.FullName : null);

    private void Write(params string[] names)
    {
        foreach (var name in names)
        {
            File.WriteAllBytes(Path.Combine(_folder.FullName, name), []);
        }
    }
}
