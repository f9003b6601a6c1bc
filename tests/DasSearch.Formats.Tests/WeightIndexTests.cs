using DasSearch.Core;

namespace DasSearch.Formats.Tests;

/// <summary>Checkpoints in several files, with an index as Hugging Face writes it.</summary>
public sealed class WeightIndexTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-index-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Open_IndexOfSeveralFiles_HasTheTensorsOfAll()
    {
        WriteShards("""{"metadata":{"total_size":20},"weight_map":{"a":"1.safetensors","b":"2.safetensors","c":"2.safetensors"}}""");
        var read = WeightFile.Open(Index);
        Assert.Equal(["a", "b", "c"], read.Tensors.Keys);
        Assert.Equal([1f, 2, 3, 4, 5], read.Tensors.Values.SelectMany(tensor => tensor.Floats()));
        Assert.Equal(Path.Combine(_folder.FullName, "2.safetensors"), read.Tensors["c"].Source);
        Assert.Equal("20", read.Metadata["total_size"]);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":"1.safetensors","c":"2.safetensors"}}""", "has tensor b in 1.safetensors, which does not have it")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}""", "lacks tensor c, which")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","a":"1.safetensors","b":"2.safetensors","c":"2.safetensors"}}""", "has tensor a twice")]
    [InlineData("""{"weight_map":{"a":"../1.safetensors"}}""", "\"../1.safetensors\", expected the name of a file beside it")]
    [InlineData("""{"weight_map":{"a":"/etc/passwd"}}""", "expected the name of a file beside it")]
    [InlineData("""{"weight_map":{"a":7}}""", "has tensor a in 7, expected the name of a file beside it")]
    [InlineData("""{"weight_map":{"a":"3.safetensors"}}""", "3.safetensors cannot be read")]
    [InlineData("""{"weight_map":{"a":"model.safetensors.index.json"}}""", "model.safetensors.index.json is JSON, not a checkpoint")]
    [InlineData("""{"weight_map":[]}""", "it has no weight_map")]
    [InlineData("""[]""", "it has no weight_map")]
    [InlineData("""{"weight_map":""", "it is no JSON")]
    public void Open_IndexThatLies_SaysWhatIsWrong(string index, string expected)
    {
        WriteShards(index);
        Assert.Contains(expected, Assert.ThrowsAny<DasSearchException>(() => WeightFile.Open(Index)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_IndexOfPyTorchFiles_HasTheTensorsOfAll()
    {
        File.Copy(Fixture("model.pth"), Path.Combine(_folder.FullName, "pytorch_model-00001-of-00002.bin"));
        File.Copy(Fixture("nested.pth"), Path.Combine(_folder.FullName, "pytorch_model-00002-of-00002.bin"));
        var index = Path.Combine(_folder.FullName, "pytorch_model.bin.index.json");
        File.WriteAllText(index, """
            {"metadata": {"total_size": 24}, "weight_map": {"a": "pytorch_model-00001-of-00002.bin", "norm": "pytorch_model-00002-of-00002.bin",
             "encoder.a": "pytorch_model-00002-of-00002.bin", "encoder.layers.0": "pytorch_model-00002-of-00002.bin"}}
            """);
        var read = WeightFile.Open(index);
        Assert.Equal(["a", "norm", "encoder.a", "encoder.layers.0"], read.Tensors.Keys);
        Assert.Equal(WeightFile.Open(Fixture("nested.pth")).Tensors["norm"].Floats(), read.Tensors["norm"].Floats());
    }

    [Theory]
    [InlineData("../model.pth")]
    [InlineData("a/model.pth")]
    [InlineData("..\\\\model.pth")]
    [InlineData("/etc/passwd")]
    [InlineData("model.pth\\u0000.bin")]
    [InlineData("..")]
    [InlineData("")]
    public void Open_IndexOfPyTorchFilesElsewhere_IsRefused(string name)
    {
        var index = Path.Combine(_folder.CreateSubdirectory("within").FullName, "pytorch_model.bin.index.json");
        File.Copy(Fixture("model.pth"), Path.Combine(_folder.FullName, "model.pth"));
        File.WriteAllText(index, $$$"""{"weight_map": {"a": "{{{name}}}"}}""");
        Assert.Contains("expected the name of a file beside it", Assert.Throws<DasSearchException>(() => WeightFile.Open(index)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_IndexOfAPickleThatNamesCode_IsRefusedByThatName()
    {
        File.Copy(Fixture("system.pt"), Path.Combine(_folder.FullName, "1.bin"));
        var index = Path.Combine(_folder.FullName, "pytorch_model.bin.index.json");
        File.WriteAllText(index, """{"weight_map": {"a": "1.bin"}}""");
        Assert.Contains("names posix.system in its pickle", Assert.ThrowsAny<DasSearchException>(() => WeightFile.Open(index)).Message, StringComparison.Ordinal);
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    private string Index => Path.Combine(_folder.FullName, "model.safetensors.index.json");

    private void WriteShards(string index)
    {
        SafetensorsFile.Write(Path.Combine(_folder.FullName, "1.safetensors"), [WeightTensor.Of("a", [2], [1, 2])]);
        SafetensorsFile.Write(Path.Combine(_folder.FullName, "2.safetensors"), [WeightTensor.Of("b", [1], [3]), WeightTensor.Of("c", [2], [4, 5])]);
        File.WriteAllText(Index, index);
    }
}
