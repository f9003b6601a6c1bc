using System.Text;
using DasSearch.Core;
using DasSearch.Models.Checkpoints;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-safetensors-");

    private string File => Path.Combine(_folder.FullName, "weights.safetensors");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void WriteThenRead_EveryType_GivesTheSameBytesShapesAndTexts()
    {
        ScalarType[] types = [ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Bool];
        var tensors = types.ToDictionary(type => $"layer.{type}", type => randn(2, 3).type(type));
        tensors["scalar"] = tensor(3.5f);
        tensors["empty"] = zeros(0, 4);
        tensors["view"] = randn(3, 2).t();

        SafetensorsWriter.Write(File, tensors, new Dictionary<string, string> { ["format"] = "pt", ["note"] = "é\"" });
        var read = SafetensorsReader.Read(File);

        Assert.Equal(tensors.Keys.Order(), read.Tensors.Keys.Order());
        Assert.All(tensors, entry =>
        {
            Assert.Equal(entry.Value.dtype, read.Tensors[entry.Key].dtype);
            Assert.Equal(entry.Value.shape, read.Tensors[entry.Key].shape);
            Assert.Equal(entry.Value.contiguous().bytes.ToArray(), read.Tensors[entry.Key].bytes.ToArray());
        });
        Assert.Equal("é\"", read.Metadata["note"]);
    }

    [Fact]
    public void Write_TheSameTensorsInAnyOrder_GivesTheSameFile()
    {
        var (a, b) = (ones(2), zeros(3));
        SafetensorsWriter.Write(File, new Dictionary<string, Tensor> { ["a"] = a, ["b"] = b });
        var first = System.IO.File.ReadAllBytes(File);
        SafetensorsWriter.Write(File, new Dictionary<string, Tensor> { ["b"] = b, ["a"] = a });

        Assert.Equal(first, System.IO.File.ReadAllBytes(File));
        Assert.Equal(["weights.safetensors"], _folder.GetFiles().Select(file => file.Name));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "larger than the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""", "negative size")]
    [InlineData("""{"a":{"dtype":"F8","shape":[2],"data_offsets":[0,8]}}""", "type F8, expected one of")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "lacks")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "overlap")]
    [InlineData("""{"a":7}""", "lacks")]
    [InlineData("""{"__metadata__":7}""", "__metadata__")]
    [InlineData("""[1]""", "no JSON object")]
    [InlineData("""{"a":""", "no JSON")]
    public void Read_HeaderThatLies_SaysWhatIsWrong(string header, string expected)
    {
        var text = Encoding.UTF8.GetBytes(header);
        System.IO.File.WriteAllBytes(File, [.. BitConverter.GetBytes((ulong)text.Length), .. text, .. new byte[8]]);

        var error = Assert.Throws<DasSearchException>(() => SafetensorsReader.Read(File));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("weights.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HeaderLongerThanTheFile_AsksForNoMemory()
    {
        System.IO.File.WriteAllBytes(File, [.. BitConverter.GetBytes(ulong.MaxValue), 1, 2, 3]);
        var error = Assert.Throws<DasSearchException>(() => SafetensorsReader.Read(File));
        Assert.Contains("no safetensors file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_IsOneSentence() =>
        Assert.Contains("cannot be read", Assert.Throws<DasSearchException>(() => SafetensorsReader.Read(File)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_SoundFileWithBytesChangedAtRandom_ReadsOrRefuses()
    {
        SafetensorsWriter.Write(File, new Dictionary<string, Tensor> { ["a"] = randn(2, 3), ["b"] = ones(4, int64) });
        var sound = System.IO.File.ReadAllBytes(File);
        var changes = Gen.Choose(0, sound.Length - 1).Zip(Gen.Choose(0, 255)).ListOf().ToArbitrary();

        Prop.ForAll(changes, list =>
        {
            var bytes = (byte[])sound.Clone();
            foreach (var (place, value) in list)
            {
                bytes[place] = (byte)value;
            }

            System.IO.File.WriteAllBytes(File, bytes);
            var thrown = Record.Exception(() => SafetensorsReader.Read(File));
            return thrown is null or DasSearchException;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }
}
