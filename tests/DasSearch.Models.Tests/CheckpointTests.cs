using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Fuzzing;
using DasSearch.Models.Checkpoints;
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
    public void Read_AnyBytes_ReadsOrRefusesInASentence()
    {
        CheckpointFile.Write(File, new Dictionary<string, Tensor> { ["a"] = randn(2, 3), ["b"] = ones(4, int64), ["c"] = zeros(2, bfloat16) });
        Fuzz.Check("checkpoint", 300, [System.IO.File.ReadAllBytes(File)], file =>
        {
            System.IO.File.WriteAllBytes(File, file);
            using var scope = NewDisposeScope();
            CheckpointFile.Read(File);
        });
    }

    [Fact]
    public void CopyWeights_OfIntegersOrWhatIsNotFinite_NamesTensorAndType()
    {
        using var parameter = zeros(2, 2);
        CheckpointFile.CopyWeights("x", "w", tensor(new[,] { { 1.5, 2 }, { 3, 4 } }).bfloat16(), parameter);
        Assert.Equal([1.5f, 2, 3, 4], parameter.data<float>().ToArray());

        foreach (var (type, name) in new[] { (int8, "I8"), (uint8, "U8"), (int32, "I32"), (@bool, "BOOL") })
        {
            Assert.StartsWith($"x has w of type {name}, expected floating numbers: F16, BF16, F32 or F64; ", Refusal(ones(2, 2, type)), StringComparison.Ordinal);
        }

        Assert.StartsWith("x has NaN in w, of type F32, expected finite numbers", Refusal(tensor(new[,] { { 0, 1 }, { float.NaN, 2 } })), StringComparison.Ordinal);
        Assert.StartsWith("x has -Infinity in w, of type F16, ", Refusal(full([2, 2], double.NegativeInfinity).half()), StringComparison.Ordinal);
        Assert.StartsWith("x has 1E+300 in w, of type F64, ", Refusal(tensor(new[,] { { 0, 1 }, { 1e300, 2 } })), StringComparison.Ordinal);

        string Refusal(Tensor saved) => Assert.Throws<DasSearchException>(() => CheckpointFile.CopyWeights("x", "w", saved, parameter)).Message;
    }
}
