using DasSearch.Cli.Doctor;

namespace DasSearch.Cli.Tests;

public sealed class DoctorFactsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das doctor ");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Blas_AmongMappedFiles_AreFoundOnceEach()
    {
        string[] maps =
        [
            "7f00-7f01 r--p 00000000 fe:00 1  /usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3",
            "7f01-7f02 r-xp 00001000 fe:00 1  /usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3",
            "7f02-7f03 r-xp 00000000 fe:00 2  /usr/lib/x86_64-linux-gnu/libopenblasp-r0.3.21.so",
            "7f03-7f04 r-xp 00000000 fe:00 3  /opt/intel/libmkl_core.so.2",
            "7f04-7f05 r-xp 00000000 fe:00 4  /usr/lib/x86_64-linux-gnu/libtorch_cpu.so.1.13",
            "7f05-7f06 rw-p 00000000 00:00 0  [heap]",
            "7f06-7f07 rw-p 00000000 00:00 0",
        ];

        Assert.Equal(
            [
                "/opt/intel/libmkl_core.so.2",
                "/usr/lib/x86_64-linux-gnu/libopenblasp-r0.3.21.so",
                "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3",
            ],
            BlasFacts.Among(maps));
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3", "openblas")]
    [InlineData("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", "reference")]
    [InlineData("/opt/intel/libmkl_rt.so.2", "mkl")]
    [InlineData("/usr/lib/x86_64-linux-gnu/blis-openmp/libblas.so.3", "blis")]
    public void Blas_Path_TellsTheImplementation(string path, string name) => Assert.Equal(name, BlasFacts.NameOf(path));

    [Fact]
    public void Blas_ReferenceAlone_IsWorthARemedy()
    {
        var slow = new BlasFacts(BlasFacts.Reference, "/usr/lib/libblas.so.3", null, null);
        var fast = new BlasFacts("openblas", "/usr/lib/libopenblas.so.0", null, null);

        Assert.Contains("libopenblas0-pthread", TorchFacts.RemedyFor([slow]), StringComparison.Ordinal);
        Assert.Null(TorchFacts.RemedyFor([slow, fast]));
        Assert.Null(TorchFacts.RemedyFor([]));
    }

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
