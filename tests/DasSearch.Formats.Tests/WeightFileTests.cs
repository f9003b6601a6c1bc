using System.IO.Compression;
using System.Text;
using DasSearch.Core;

namespace DasSearch.Formats.Tests;

/// <summary>Checkpoints as PyTorch and NumPy wrote them (Fixtures/make_checkpoints.py), and such as nobody should read.</summary>
public sealed class WeightFileTests : IDisposable
{
    private static readonly string[] _types = ["F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-checkpoints-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Open_StateDictOfAnyProtocol_HasItsTensors(int protocol)
    {
        var tensors = WeightFile.Open(Fixture($"state-{protocol}.pt")).Tensors;

        Assert.Equal(_types, tensors.Values.Take(_types.Length).Select(tensor => tensor.Type));
        foreach (var tensor in tensors.Values.Take(4))
        {
            Assert.Equal([2L, 3], tensor.Shape);
            Assert.Equal([0, 0.5f, 1, 1.5f, 2, 2.5f], tensor.Floats());
        }

        Assert.Equal(new long[] { 0, 0, 1, 1, 2, 2 }.SelectMany(BitConverter.GetBytes), tensors["int64"].ToArray());
        Assert.Equal([0, 0, 1, 1, 2, 2], tensors["int8"].ToArray());
        Assert.Equal([0, 1, 1, 1, 1, 1], tensors["bool"].ToArray());
        Assert.Empty(tensors["scalar"].Shape);
        Assert.Equal([0.5f], tensors["scalar"].Floats());
        Assert.Equal([0L, 4], tensors["empty"].Shape);
        Assert.Empty(tensors["empty"].Floats());
        Assert.Equal([0, 0.5f], tensors["parameter"].Floats());
    }

    [Fact]
    public void Open_Views_AreLaidOutRowByRow()
    {
        var tensors = WeightFile.Open(Fixture("state-2.pt")).Tensors;

        Assert.Equal([3L, 4], tensors["transposed"].Shape);
        Assert.Equal([0, 1.5f, 3, 4.5f, 0.5f, 2, 3.5f, 5, 1, 2.5f, 4, 5.5f], tensors["transposed"].Floats());
        Assert.Equal([1.5f, 2, 2.5f, 3, 3.5f, 4], tensors["rows"].Floats());
        Assert.Equal([0.5f, 2, 3.5f, 5], tensors["column"].Floats());
        Assert.Equal([4L, 3, 2], tensors["reversed.axes"].Shape);
        Assert.Equal([0, 6, 2, 8, 4, 10, 0.5f, 6.5f], tensors["reversed.axes"].Floats()[..8]);
        Assert.Equal([1L, 4], tensors["expanded"].Shape);
        Assert.Equal(new long[] { 0, 1, 2, 3 }.SelectMany(BitConverter.GetBytes), tensors["expanded"].ToArray());
    }

    [Fact]
    public void Open_LightningCheckpoint_IsItsStateDict()
    {
        var file = WeightFile.Open(Fixture("lightning.ckpt"));
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], file.Tensors.Keys);
        Assert.Equal([0, 0.5f, 1, 1.5f, 2, 2.5f], file.Tensors["0.weight"].Floats());
        Assert.Equal(("7", "1234", "1.3.2"), (file.Metadata["epoch"], file.Metadata["global_step"], file.Metadata["pytorch-lightning_version"]));
    }

    [Fact]
    public void Open_DictionariesWithinOthers_GiveTensorsTheirNames()
    {
        Assert.Equal(["a"], WeightFile.Open(Fixture("model.pth")).Tensors.Keys);
        var nested = WeightFile.Open(Fixture("nested.pth"));
        Assert.Equal(["encoder.a", "encoder.layers.0", "norm"], nested.Tensors.Keys);
        Assert.Equal("3", nested.Metadata["heads"]);
    }

    [Fact]
    public void Open_TensorsOfOneStorage_AreThereTwice()
    {
        var tensors = WeightFile.Open(Fixture("tied.pt")).Tensors;
        Assert.Equal([0, 0.5f, 1, 1.5f], tensors["in.weight"].Floats());
        Assert.Equal(tensors["in.weight"].Floats(), tensors["out.weight"].Floats());
    }

    [Theory]
    [InlineData("system.pt", "names posix.system in its pickle, which is not read, since a pickle's names can run code: save the model's state_dict")]
    [InlineData("named.pt", "names posix.system in its pickle")]
    [InlineData("module.pt", "names torch.nn.modules.linear.Linear in its pickle")]
    [InlineData("script.pt", "is a TorchScript archive, which holds code")]
    [InlineData("list.pt", "holds no dictionary, expected tensors by name")]
    [InlineData("complex.pt", "has tensor a of type complex64, expected one of BOOL")]
    [InlineData("legacy.pt", "is a PyTorch file (pickle), not a checkpoint: das does not open plain pickles, since they can run code: with PyTorch 1.6 or later, torch.save(torch.load(OLD, map_location='cpu'), NEW) writes a zip file that it reads")]
    [InlineData("objects.npy", "has array objects, which is of objects, which lie there as a pickle")]
    [InlineData("records.npy", "has array records, which is of type '[('a', '<f4'), ('b', '<i4')]', expected little-endian numbers")]
    [InlineData("big-endian.npy", "has array big-endian, which is of type '>f4', expected little-endian numbers")]
    public void Open_WhatIsNoData_IsRefusedByName(string name, string expected)
    {
        const string Trace = "/tmp/das-was-run"; // what the commands in them would leave
        var error = Assert.ThrowsAny<DasSearchException>(() => WeightFile.Open(Fixture(name)));
        Assert.StartsWith($"{Fixture(name)} {expected}", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Trace));
    }

    [Theory]
    [InlineData("cos\nsystem\n", "os.system")]
    [InlineData("cos\nsystem\nX\u0004\0\0\0true\u0085R", "os.system")]
    [InlineData("\u008c\u0002os\u008c\u0006system\u0093", "os.system")]
    [InlineData("(X\u0004\0\0\0trueios\nsystem\n", "os.system")]
    [InlineData("c__builtin__\neval\n", "__builtin__.eval")]
    [InlineData("cbuiltins\ngetattr\n", "builtins.getattr")]
    [InlineData("ctorch.serialization\nload\n", "torch.serialization.load")]
    [InlineData("ctorch\nFloatStorage.from_file\n", "torch.FloatStorage.from_file")]
    [InlineData("cpytorch_lightning.callbacks\nLambdaCallback\n", "pytorch_lightning.callbacks.LambdaCallback")]
    public void Open_PickleThatNamesWhatCouldRun_SaysTheName(string operations, string name)
    {
        var path = Torch(Encoding.Latin1.GetBytes("\u0080\u0004" + operations + "0}."));
        Assert.StartsWith($"{path} names {name} in its pickle, which is not read", Refusal(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "names 1 bytes where 0 are left")]
    [InlineData("\u0080\u0001.", "of another protocol than 2 to 5")]
    [InlineData("\u0080\u0002", "names 1 bytes where 0 are left")]
    [InlineData("\u0080\u0002.", "takes what is not there")]
    [InlineData("\u0080\u0002}u.", "ends a list that did not begin")]
    [InlineData("\u0080\u0002(u.", "changes what is not there")]
    [InlineData("\u0080\u0002K\u0001(K\u00020R.", "takes what is not there")]
    [InlineData("\u0080\u0002}(K\u0001u.", "has a key without a value")]
    [InlineData("\u0080\u0002K\u0001K\u0002a.", "adds to what is not a list")]
    [InlineData("\u0080\u0002h\u0007.", "reads place 7, where nothing was kept")]
    [InlineData("\u0080\u0002X\u00ff\u00ff\u00ff\u007f", "names 2147483647 bytes where 0 are left")]
    [InlineData("\u0080\u0002\u0082\u0001.", "has operation 0x82, which no checkpoint needs")]
    [InlineData("\u0080\u0002K\u0001K\u0002R.", "calls what is no name")]
    [InlineData("\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n)R.", "gives torch._utils._rebuild_tensor_v2 what it does not take")]
    [InlineData("\u0080\u0002cpytorch_lightning.callbacks.early_stopping\nEarlyStopping\n)R.", "gives pytorch_lightning.callbacks.early_stopping.EarlyStopping what it does not take")]
    [InlineData("\u0080\u0002X\u0001\0\0\0aQ.", "has a storage that is none of a checkpoint's")]
    [InlineData("\u0080\u0002}.", "holds no tensors, expected a model's state_dict")]
    [InlineData("\u0080\u0002}q\u0001X\u0001\0\0\0ah\u0001s.", "has dictionaries that lie in each other")]
    public void Open_PickleThatIsNotSound_SaysWhatIsWrong(string pickle, string expected) =>
        Assert.Contains(expected, Refusal(Torch(Encoding.Latin1.GetBytes(pickle))), StringComparison.Ordinal);

    [Theory]
    [InlineData("0", 0, "3", "1", 3, null)]
    [InlineData("9", 0, "3", "1", 3, "has tensor a of storage 9, which it does not have")]
    [InlineData("../../0", 0, "3", "1", 3, "has tensor a of storage ../../0, which it does not have")]
    [InlineData("0", 1, "3", "1", 3, "reaches beyond its 12 bytes")]
    [InlineData("0", -1, "3", "1", 3, "reaches beyond its 12 bytes")]
    [InlineData("0", 0, "3", "2", 3, "reaches beyond its 12 bytes")]
    [InlineData("0", 2, "3", "-1", 3, "reaches beyond its 12 bytes")]
    [InlineData("0", 0, "2147483647", "0", 3, "of shape [2147483647], which is more than the file")]
    [InlineData("0", 0, "-1", "1", 3, "of shape [-1], which is more than the file")]
    [InlineData("0", 0, "3", "1", 4, "of a storage of 4 numbers, for which its 12 bytes are too few")]
    public void Open_TensorOutsideItsStorage_IsRefused(string key, int offset, string size, string stride, int count, string? expected)
    {
        string Whole(string number) => "J" + Encoding.Latin1.GetString(BitConverter.GetBytes(int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)));
        var storage = $"(X\u0007\0\0\0storagectorch\nFloatStorage\nX{(char)key.Length}\0\0\0{key}X\u0003\0\0\0cpu{Whole($"{count}")}tQ";
        var pickle = $"\u0080\u0002}}X\u0001\0\0\0actorch._utils\n_rebuild_tensor_v2\n({storage}{Whole($"{offset}")}{Whole(size)}\u0085{Whole(stride)}\u0085\u0089}}tRs.";
        var path = Torch(Encoding.Latin1.GetBytes(pickle));
        if (expected is null)
        {
            Assert.Equal([1f, 2, 3], WeightFile.Open(path).Tensors["a"].Floats());
        }
        else
        {
            Assert.Contains(expected, Refusal(path), StringComparison.Ordinal);
        }
    }

    // As PyTorch 2 writes types that have no storage of their own.
    [Fact]
    public void Open_ATensorOfAnUntypedStorage_IsOfTheTypeThatItSays()
    {
        var storage = "(X\u0007\0\0\0storagectorch.storage\nUntypedStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\ftQ";
        var pickle = $"\u0080\u0002}}X\u0001\0\0\0actorch._utils\n_rebuild_tensor_v3\n({storage}K\u0002K\u0002\u0085K\u0002\u0085\u0089}}ctorch\nuint16\n}}tRs.";
        var tensor = WeightFile.Open(Torch(Encoding.Latin1.GetBytes(pickle), [.. Enumerable.Range(0, 12).Select(i => (byte)i)])).Tensors["a"];
        Assert.Equal("U16", tensor.Type);
        Assert.Equal([4, 5, 8, 9], tensor.ToArray());
    }

    [Fact]
    public void Open_AnOnnxModel_HasItsWeightsAndTexts()
    {
        var file = WeightFile.Open(Fixture("model.onnx"));
        Assert.Equal([0, 0.5f], file.Tensors["layer.0.bias"].Floats());
        Assert.Equal("3", file.Metadata["heads"]);
    }

    [Fact]
    public void Open_ATensorUnderManyNames_IsRefusedBeforeMemoryIsAskedFor()
    {
        var storage = "(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0003tQ";
        var many = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"X\u0005\0\0\0{i:D5}h\0"));
        var pickle = $"\u0080\u0002}}ctorch._utils\n_rebuild_tensor_v2\n({storage}K\0M\u00e8\u0003\u0085K\u0001\u0085\u0089}}tRq\00({many}u.";
        Assert.Contains("it names the same ones too often", Refusal(Torch(Encoding.Latin1.GetBytes(pickle), numbers: new byte[4000])), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TensorsWithEndlessNames_IsRefusedBeforeMemoryIsAskedFor()
    {
        const int length = 1_000_000;
        var storage = "(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0003tQ";
        var tensor = $"ctorch._utils\n_rebuild_tensor_v2\n({storage}K\0K\0\u0085K\u0001\u0085\u0089}}tRq\0";
        var many = string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"X\u0005\0\0\0{i:D5}h\0"));
        var outer = $"X{Encoding.Latin1.GetString(BitConverter.GetBytes(length))}{new string('a', length)}";
        var path = Torch(Encoding.Latin1.GetBytes($"\u0080\u0002{tensor}0}}{outer}}}({many}us."));
        Assert.Contains("has a tensor whose name has more than 65536 characters", Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NumbersOfAnotherByteOrder_AreRefused() => Assert.Contains(
        "has numbers of byte order 'big', expected 'little'",
        Refusal(Zip(("x/data.pkl", "\u0080\u0002}."u8.ToArray()), ("x/byteorder", "big"u8.ToArray()))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("arrays.npz")]
    [InlineData("packed.npz")]
    public void Open_ArraysPackedOrNot_HaveTheirNumbers(string name)
    {
        var tensors = WeightFile.Open(Fixture(name)).Tensors;
        foreach (var type in new[] { "f2", "f4", "f8" })
        {
            Assert.Equal([0, 0.5f, 1, 1.5f, 2, 2.5f], tensors[type].Floats());
        }

        Assert.Equal(["F16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64", "BOOL"], tensors.Values.Take(12).Select(tensor => tensor.Type));
        Assert.Equal([0, 0, 1, 1, 2, 2], tensors["u1"].ToArray());
        Assert.Equal([2L, 3], tensors["fortran"].Shape);
        Assert.Equal([0, 0.5f, 1, 1.5f, 2, 2.5f], tensors["fortran"].Floats());
        Assert.Equal([0.5f], tensors["scalar"].Floats());
        Assert.Equal([0L, 4], tensors["empty"].Shape);
        Assert.Equal([0, 0.5f], tensors["layer.0/weight"].Floats());
    }

    [Theory]
    [InlineData("one.weight.npy", "one.weight")]
    [InlineData("version-2.npy", "version-2")]
    [InlineData("version-3.npy", "version-3")]
    public void Open_OneArray_HasItsFilesName(string name, string expected)
    {
        var (found, tensor) = Assert.Single(WeightFile.Open(Fixture(name)).Tensors);
        Assert.Equal(expected, found);
        Assert.Equal([0, 0.5f, 1, 1.5f, 2, 2.5f], tensor.Floats());
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "of shape [3] and has 8 bytes of numbers, expected 12")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 8), }", "which is more than the file")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "has a header that is none of NumPy's")]
    [InlineData("{'descr': '<f4', 'fortran_order': __import__('os').system('true'), 'shape': (2,), }", "has a header that is none of NumPy's")]
    [InlineData("{'descr': '|V2', 'fortran_order': False, 'shape': (4,), }", "is of type '|V2', expected little-endian numbers")]
    public void Open_ArrayThatLies_SaysWhatIsWrong(string header, string expected)
    {
        byte[] array = [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)(header.Length + 1)), .. Encoding.UTF8.GetBytes(header), 10, .. new byte[8]];
        Assert.Contains(expected, Refusal(Write("a.npy", array)), StringComparison.Ordinal);
        Assert.Contains(expected, Refusal(Zip(("a.npy", array))), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnArchiveThatIsDamaged_SaysWhatIsWrong()
    {
        var sound = File.ReadAllBytes(Fixture("arrays.npz"));
        Assert.Contains("it has no directory at its end", Refusal(Write("a.npz", sound[..^100])), StringComparison.Ordinal);
        Assert.Contains("is not where its directory says", Refusal(Write("a.npz", [.. sound[..30], (byte)'x', .. sound[31..]])), StringComparison.Ordinal);
        Assert.Contains("it has a.npy twice", Refusal(Zip(("a.npy", [1]), ("a.npy", [2]))), StringComparison.Ordinal);
        Assert.Contains("has b.txt, expected arrays", Refusal(Zip(("b.txt", "a.npy"u8.ToArray()), ("a.npy", [2]))), StringComparison.Ordinal);
        var packed = File.ReadAllBytes(Fixture("packed.npz"));
        packed.AsSpan(45, 20).Fill(0xff);
        Assert.Contains("cannot be unpacked", Refusal(Write("a.npz", packed)), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EntriesThatShareBytes_AreRefused()
    {
        // The second entry's header lies in the first one's numbers.
        byte[] inner = [.. "PK\x03\x04"u8, .. new byte[22], 1, 0, 0, 0, (byte)'b', 1, 2, 3, 4];
        byte[] first = [.. "PK\x03\x04"u8, .. new byte[22], 5, 0, 0, 0, .. "a.npy"u8, .. inner];
        byte[] Record(string name, int local, int length) =>
        [
            .. "PK\x01\x02"u8, .. new byte[16], .. BitConverter.GetBytes(length), .. BitConverter.GetBytes(length), (byte)name.Length, 0, .. new byte[12],
            .. BitConverter.GetBytes(local), .. Encoding.UTF8.GetBytes(name),
        ];
        byte[] directory = [.. Record("a.npy", 0, inner.Length), .. Record("b", 35, 4)];
        byte[] end = [.. "PK\x05\x06"u8, 0, 0, 0, 0, 2, 0, 2, 0, .. BitConverter.GetBytes(directory.Length), .. BitConverter.GetBytes(first.Length), 0, 0];
        Assert.Contains("its b begins within its a.npy", Refusal(Write("a.npz", [.. first, .. directory, .. end])), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ATorchFileOfMoreThanTwoGigabytes_IsReadWhereItLies()
    {
        const long Size = 3L << 30; // with holes: the disk keeps what is written of it
        var storage = $"(X\u0007\0\0\0storagectorch\nByteStorage\nX\u0001\0\0\00X\u0003\0\0\0cpu\u008a\u0005\0\0\0\u00c0\0tQ";
        var pickle = $"\u0080\u0002}}X\u0003\0\0\0bigctorch._utils\n_rebuild_tensor_v2\n({storage}K\0\u008a\u0005\0\0\0\u00c0\0\u0085K\u0001\u0085\u0089}}tRs.";
        var path = Path.Combine(_folder.FullName, "big.pt");
        using (var file = File.Create(path))
        {
            WriteLarge(file, [("x/data.pkl", Encoding.Latin1.GetBytes(pickle), null), ("x/data/0", [], Size), ("x/version", "3\n"u8.ToArray(), null)]);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var tensor = WeightFile.Open(path).Tensors["big"];
        using var bytes = tensor.Open();
        bytes.Position = Size - 2;
        Assert.Equal((Size, 7, 9, -1), (bytes.Length, bytes.ReadByte(), bytes.ReadByte(), bytes.ReadByte()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    // As torch.save writes it: with zip64's fields; what has a size of its own is a hole that ends in 7, 9.
    private static void WriteLarge(FileStream file, IReadOnlyList<(string Name, byte[] Bytes, long? Size)> entries)
    {
        var directory = new MemoryStream();
        foreach (var (name, bytes, size) in entries)
        {
            var (local, length) = (file.Position, size ?? bytes.Length);
            byte[] label = Encoding.UTF8.GetBytes(name);
            byte[] sizes = [.. BitConverter.GetBytes(length), .. BitConverter.GetBytes(length)];
            byte[] missing = [255, 255, 255, 255, 255, 255, 255, 255];
            file.Write([.. "PK\x03\x04"u8, .. new byte[14], .. missing, (byte)label.Length, 0, 20, 0, .. label, 1, 0, 16, 0, .. sizes]);
            directory.Write([
                .. "PK\x01\x02"u8, .. new byte[16], .. missing, (byte)label.Length, 0, 28, 0, .. new byte[10], 255, 255, 255, 255, .. label, 1, 0, 24, 0, .. sizes,
                .. BitConverter.GetBytes(local)]);
            file.Write(bytes);
            if (size is { } hole)
            {
                file.SetLength(file.Position + hole);
                file.Position = file.Length - 2;
                file.Write([7, 9]);
            }
        }

        var start = file.Position;
        file.Write(directory.ToArray());
        var end = file.Position;
        file.Write([
            .. "PK\x06\x06"u8, 44, 0, 0, 0, 0, 0, 0, 0, .. new byte[12], .. BitConverter.GetBytes((long)entries.Count), .. BitConverter.GetBytes((long)entries.Count),
            .. BitConverter.GetBytes(directory.Length), .. BitConverter.GetBytes(start)]);
        file.Write([.. "PK\x06\x07"u8, 0, 0, 0, 0, .. BitConverter.GetBytes(end), 1, 0, 0, 0]);
        file.Write([.. "PK\x05\x06"u8, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0]);
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    private static string Refusal(string path) => Assert.ThrowsAny<DasSearchException>(() => WeightFile.Open(path)).Message;

    private string Torch(byte[] pickle, byte[]? numbers = null) =>
        Zip(("x/data.pkl", pickle), ("x/data/0", numbers ?? [.. new float[] { 1, 2, 3 }.SelectMany(BitConverter.GetBytes)]));

    private string Zip(params (string Name, byte[] Bytes)[] entries)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return Write("x.zip", bytes.ToArray());
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
