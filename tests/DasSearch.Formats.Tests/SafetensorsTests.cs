using System.Text;
using DasSearch.Core;

namespace DasSearch.Formats.Tests;

/// <summary>Weights without a tensor library, from files that may come from anyone.</summary>
public sealed class SafetensorsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-weights-");

    private string File => Path.Combine(_folder.FullName, "weights.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void WriteThenOpen_Floats_AreTheSameInAnyOrder()
    {
        WeightTensor[] tensors = [WeightTensor.Of("b", [2, 2], [1, -2, 3.5f, 4]), WeightTensor.Of("a", [], [7]), WeightTensor.Of("c", [0, 3], [])];
        SafetensorsFile.Write(File, tensors, new Dictionary<string, string> { ["note"] = "é\"" });
        var written = System.IO.File.ReadAllBytes(File);
        var read = SafetensorsFile.Open(File);
        SafetensorsFile.Write(File, tensors.Reverse(), new Dictionary<string, string> { ["note"] = "é\"" });

        Assert.Equal(["a", "b", "c"], read.Tensors.Keys);
        Assert.Equal([1, -2, 3.5f, 4], read.Tensors["b"].Floats());
        Assert.Equal([0L, 3], read.Tensors["c"].Shape);
        Assert.Equal("é\"", read.Metadata["note"]);
        Assert.Equal(written, System.IO.File.ReadAllBytes(File));
        Assert.Equal(["weights.safetensors"], _folder.GetFiles().Select(file => file.Name));
    }

    [Fact]
    public void Floats_OfEveryFloatingType_AreTheNumbers()
    {
        Write(
            """{"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"h":{"dtype":"F16","shape":[1],"data_offsets":[8,10]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[10,12]}}""",
            [.. BitConverter.GetBytes(-1.5), .. BitConverter.GetBytes((Half)0.25f), 0x40, 0xC0]);
        var tensors = SafetensorsFile.Open(File).Tensors;

        Assert.Equal([-1.5f, 0.25f, -3], new[] { tensors["d"], tensors["h"], tensors["b"] }.SelectMany(tensor => tensor.Floats()));
    }

    [Fact]
    public void Floats_OfIntegers_SaysWhatIsThere()
    {
        Write("""{"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", new byte[8]);
        var error = Assert.Throws<DasSearchException>(() => SafetensorsFile.Open(File).Tensors["ids"].Floats());
        Assert.Equal($"{File} has ids of type I64, expected floating numbers: F16, BF16, F32 or F64", error.Message);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "more than the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""", "more than the file")]
    [InlineData("""{"a":{"dtype":"F8","shape":[2],"data_offsets":[0,8]}}""", "type F8, expected one of")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "without a dtype, a shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", "at most 8 sizes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "ends at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "ends at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "up to 4, but 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", "a twice")]
    [InlineData("""{"a":7}""", "without a dtype, a shape")]
    [InlineData("""{"__metadata__":7}""", "__metadata__")]
    [InlineData("""{"__metadata__":{"heads":3}}""", "__metadata__.heads that is no text")]
    [InlineData("""[1]""", "no JSON object")]
    [InlineData("""{"a":""", "no JSON")]
    public void Open_HeaderThatLies_SaysWhatIsWrong(string header, string expected)
    {
        Write(header, new byte[8]);
        var error = Assert.Throws<DasSearchException>(() => SafetensorsFile.Open(File));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(File, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001)]
    [InlineData(4)]
    public void Open_HeaderLongerThanTheFile_AsksForNoMemory(ulong length)
    {
        System.IO.File.WriteAllBytes(File, [.. BitConverter.GetBytes(length), 1, 2, 3]);
        var error = Assert.Throws<DasSearchException>(() => SafetensorsFile.Open(File));
        Assert.Equal($"{File} is no safetensors file: its header would be {length} bytes long, the file has 11", error.Message);
    }

    [Fact]
    public void Open_MissingFile_IsOneSentence() => Assert.Contains(
        "cannot be read", Assert.Throws<InputException>(() => SafetensorsFile.Open(File)).Message, StringComparison.Ordinal);

    [Fact]
    public void Write_WhereNoFileCanBe_LeavesNothing()
    {
        var place = Path.Combine(_folder.FullName, "none", "weights.safetensors");
        var error = Assert.ThrowsAny<DasSearchException>(() => SafetensorsFile.Write(place, [], new Dictionary<string, string>()));
        Assert.Contains($"{place} cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void Write_ATensorThatCannotBeRead_LeavesTheOldFile()
    {
        SafetensorsFile.Write(File, [WeightTensor.Of("a", [1], [1])], new Dictionary<string, string>());
        var sound = System.IO.File.ReadAllBytes(File);
        var lost = new WeightTensor("a", "F32", [1], "elsewhere", () => throw new DasSearchException("elsewhere cannot be read"));

        Assert.Throws<DasSearchException>(() => SafetensorsFile.Write(File, [lost], new Dictionary<string, string>()));
        Assert.Equal(sound, System.IO.File.ReadAllBytes(File));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void Open_TensorOfMoreThanAnArrayHolds_IsReadInParts()
    {
        // Three GiB with holes: the disk keeps what was written of it.
        const long Size = 3L << 30;
        var text = Encoding.UTF8.GetBytes($$$"""{"big":{"dtype":"U8","shape":[{{{Size}}}],"data_offsets":[0,{{{Size}}}]}}""");
        using (var file = System.IO.File.Create(File))
        {
            file.Write([.. BitConverter.GetBytes((ulong)text.Length), .. text]);
            file.SetLength(file.Position + Size);
            file.Position = file.Length - 2;
            file.Write([7, 9]);
        }

        var tensor = SafetensorsFile.Open(File).Tensors["big"];
        using var bytes = tensor.Open();
        bytes.Position = Size - 3;
        Assert.Equal((Size, 0, 7, 9, -1), (bytes.Length, bytes.ReadByte(), bytes.ReadByte(), bytes.ReadByte(), bytes.ReadByte()));
        Assert.Contains("of 3221225472 bytes, expected less than 2 GiB", Assert.Throws<DasSearchException>(tensor.ToArray).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Floats_OfAFileThatWasCutShortMeanwhile_SaysSo()
    {
        SafetensorsFile.Write(File, [WeightTensor.Of("a", [4096], new float[4096])]);
        var tensor = SafetensorsFile.Open(File).Tensors["a"];
        System.IO.File.WriteAllBytes(File, [1, 2, 3]);
        Assert.Contains($"{File} cannot be read", Assert.Throws<DasSearchException>(tensor.Floats).Message, StringComparison.Ordinal);
    }

    private void Write(string header, byte[] numbers)
    {
        var text = Encoding.UTF8.GetBytes(header);
        System.IO.File.WriteAllBytes(File, [.. BitConverter.GetBytes((ulong)text.Length), .. text, .. numbers]);
    }
}
