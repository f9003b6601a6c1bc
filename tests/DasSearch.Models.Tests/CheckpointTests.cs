using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Models.Checkpoints;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

public sealed class CheckpointTests : IDisposable
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

        CheckpointFile.Write(File, tensors, new Dictionary<string, string> { ["format"] = "pt", ["note"] = "é\"" });
        var read = CheckpointFile.Read(File);

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
        CheckpointFile.Write(File, new Dictionary<string, Tensor> { ["a"] = a, ["b"] = b });
        var first = System.IO.File.ReadAllBytes(File);
        CheckpointFile.Write(File, new Dictionary<string, Tensor> { ["b"] = b, ["a"] = a });

        Assert.Equal(first, System.IO.File.ReadAllBytes(File));
        Assert.Equal(["weights.safetensors"], _folder.GetFiles().Select(file => file.Name));
    }

    [Fact]
    public void Read_TypeThatNoTensorHas_SaysWhichThereAre()
    {
        SafetensorsFile.Write(File, [WeightTensor.Of("a", "U16", [1], [1, 2])]);
        var error = Assert.Throws<DasSearchException>(() => CheckpointFile.Read(File));
        Assert.Equal($"{File} has tensor a of type U16, expected one of BOOL, U8, I8, I16, I32, I64, F16, BF16, F32, F64", error.Message);
    }

    [Fact]
    public void Read_SoundFileWithBytesChangedAtRandom_ReadsOrRefuses()
    {
        CheckpointFile.Write(File, new Dictionary<string, Tensor> { ["a"] = randn(2, 3), ["b"] = ones(4, int64) });
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
            var thrown = Record.Exception(() => CheckpointFile.Read(File));
            return thrown is null or DasSearchException;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }
}
