using System.Text;
using DasSearch.Core;
using DasSearch.Formats.Onnx;

namespace DasSearch.Formats.Tests;

/// <summary>Weights and graphs of ONNX files, as ONNX's own library wrote them (Fixtures/make_checkpoints.py).</summary>
public sealed class OnnxModelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-onnx-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Open_WeightsOfEveryField_AreTheNumbers()
    {
        var tensors = OnnxModel.Open(Fixture("model.onnx")).Tensors;

        Assert.Equal([0, 0.5f, 1, 1.5f, 2, 2.5f], tensors["raw"].Floats());
        Assert.Equal([2L, 3], tensors["raw"].Shape);
        Assert.Equal([0, 0.5f, 1, 1.5f], tensors["floats"].Floats());
        Assert.Equal([0, 0.5f], tensors["doubles"].Floats());
        Assert.Equal([0, 0.5f, 1], tensors["halves"].Floats());
        Assert.Equal([1f, -3], tensors["brains"].Floats());
        Assert.Equal([0.5f], tensors["scalar"].Floats());
        Assert.Equal([0L, 4], tensors["nothing"].Shape);
        Assert.Empty(tensors["nothing"].Floats());
        Assert.Equal([.. BitConverter.GetBytes(0L), .. BitConverter.GetBytes(-1L), .. BitConverter.GetBytes(1L << 40)], tensors["longs"].ToArray());
        Assert.Equal([7, 0, 0, 0, 0xf9, 0xff, 0xff, 0xff], tensors["ints"].ToArray());
        Assert.Equal([7, 0xf9], tensors["bytes"].ToArray());
        Assert.Equal(BitConverter.GetBytes(4_000_000_000), tensors["unsigned"].ToArray());
        Assert.Equal([1, 0], tensors["flags"].ToArray());
        Assert.Equal(
            ["F32", "F32", "F64", "I64", "I32", "I8", "U32", "F16", "BF16", "BOOL", "F32", "F32", "F32", "F32"], tensors.Values.Select(tensor => tensor.Type));
    }

    [Fact]
    public void Open_Graph_HasItsNodesInOrder()
    {
        var model = OnnxModel.Open(Fixture("model.onnx"));

        Assert.Equal(["MatMul", "Add", "Constant", "Conv"], model.Nodes.Select(node => node.Type));
        Assert.Equal(["layer.0.bias", "product"], model.Nodes[1].Inputs);
        Assert.Equal(["sum"], model.Nodes[1].Outputs);
        Assert.Equal("/layer.0/Add", model.Nodes[1].Name);
        Assert.Equal([2], model.Nodes[2].Attributes["value"].Tensor!.Floats());
        var settings = model.Nodes[3].Attributes;
        Assert.Equal(["sum", "raw", ""], model.Nodes[3].Inputs);
        Assert.Equal((2, 0.25f, "SAME_UPPER"), (settings["group"].Whole, settings["alpha"].Real, settings["auto_pad"].Text));
        Assert.Equal([3L, 3], settings["kernel_shape"].Wholes);
        Assert.Equal([0.5f, 1.5f], settings["scales"].Reals);
        Assert.Equal(["a", "b"], settings["words"].Texts);
        Assert.Equal(["x"], model.Inputs);
        Assert.Equal(["y"], model.Outputs);
        Assert.Equal("3", model.Metadata["heads"]);
    }

    [Fact]
    public void Read_AModelWithinAnotherFile_IsTheSame()
    {
        var bytes = File.ReadAllBytes(Fixture("model.onnx"));
        var path = Path.Combine(_folder.FullName, "program.dll");
        File.WriteAllBytes(path, [1, 2, 3, .. bytes, 4, 5]);

        Assert.Equal([0, 0.5f, 1, 1.5f, 2, 2.5f], OnnxModel.Read(ByteRange.OfFile(path, 3, bytes.Length)).Tensors["raw"].Floats());
        Assert.Equal([0, 0.5f], OnnxModel.Read(ByteRange.OfMemory("memory", bytes)).Tensors["layer.0.bias"].Floats());
        Assert.Contains("at 3, and has", Assert.Throws<DasSearchException>(() => ByteRange.OfFile(path, 3, bytes.Length + 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WeightsInAFileBesideIt_AreRead()
    {
        var tensors = OnnxModel.Open(Fixture("outside.onnx")).Tensors;
        Assert.Equal([0, 0.5f, 1, 1.5f, 2, 2.5f], tensors["first"].Floats());
        Assert.Equal([0, 0.5f, 1, 1.5f], tensors["second"].Floats());

        var alone = Assert.Throws<DasSearchException>(() => OnnxModel.Read(ByteRange.OfMemory("m", File.ReadAllBytes(Fixture("outside.onnx")))));
        Assert.Equal("m has weights in outside.data, but there is no folder in which that could be", alone.Message);
    }

    [Theory]
    [InlineData("../side.data", "in '../side.data', expected the name of a file beside it")]
    [InlineData("/etc/passwd\0", "expected the name of a file beside it")]
    [InlineData("outsidX.data", "outsidX.data cannot be read")]
    public void Open_WeightsElsewhere_AreRefused(string location, string expected)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(Fixture("outside.onnx"))).Replace("outside.data", location, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.ThrowsAny<DasSearchException>(() => OnnxModel.Open(Write(Encoding.Latin1.GetBytes(text)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WeightsBesideItThatWereCutShort_SaysSo()
    {
        File.Copy(Fixture("outside.onnx"), Path.Combine(_folder.FullName, "outside.onnx"));
        File.WriteAllBytes(Path.Combine(_folder.FullName, "outside.data"), new byte[24]);
        var error = Assert.Throws<DasSearchException>(() => OnnxModel.Open(Path.Combine(_folder.FullName, "outside.onnx")));
        Assert.Contains("outside.data is damaged or cut short", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x08, 2, 0x08, 3, 0x10, 1 }, "with 0 bytes of numbers, expected 24")]
    [InlineData(new byte[] { 0x10, 1 }, "with 0 bytes of numbers, expected 4")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 1, 0x22, 8, 0, 0, 0, 0, 0, 0, 0, 0 }, "with 8 bytes of numbers, expected 4")]
    [InlineData(new byte[] { 0x08, 3, 0x10, 7, 0x3a, 2, 0, 1 }, "with 16 bytes of numbers, expected 24")]
    [InlineData(new byte[] { 0x08, 0, 0x10, 7, 0x3a, 2, 0, 1 }, "with 16 bytes of numbers, expected 0")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 7, 0x2a, 1, 0, 0x3a, 0 }, "with numbers in fields 5 and 7, expected one")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 8, 0x32, 1, 65 }, "of type texts, expected one of")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 99, 0x4a, 1, 0 }, "of type 99 of ONNX's, expected one of")]
    [InlineData(new byte[] { 0x08, 0x7f, 0x08, 0x7f, 0x08, 0x7f, 0x10, 1, 0x4a, 0 }, "which is more than the file")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 1, 0x4a, 99, 0 }, "a part of 99 bytes where")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 1, 0x27, 0 }, "a field that protocol buffers do not have")]
    [InlineData(new byte[] { 0x09, 0, 0, 0, 0, 0, 0, 0, 0 }, "a field of another type than the format says")]
    public void Open_TensorThatLies_SaysWhatIsWrong(byte[] fields, string expected)
    {
        byte[] tensor = [.. fields, 0x42, 1, (byte)'a'];
        byte[] graph = [0x2a, (byte)tensor.Length, .. tensor];
        var error = Assert.Throws<DasSearchException>(() => OnnxModel.Open(Write([0x08, 7, 0x3a, (byte)graph.Length, .. graph])));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ATensorTwice_IsRefused()
    {
        byte[] tensor = [0x2a, 0x09, 0x08, 0, 0x10, 1, 0x4a, 0, 0x42, 1, (byte)'a'];
        var error = Assert.Throws<DasSearchException>(() => OnnxModel.Open(Write([0x08, 7, 0x3a, 22, .. tensor, .. tensor])));
        Assert.Contains("has tensor a twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WithoutAGraph_IsRefused() => Assert.Contains(
        "has 0 graphs, expected one", Assert.Throws<DasSearchException>(() => OnnxModel.Open(Write([0x08, 7, 0x12, 0]))).Message, StringComparison.Ordinal);

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
