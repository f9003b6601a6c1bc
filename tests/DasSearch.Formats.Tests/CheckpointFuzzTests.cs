using System.IO.Compression;
using DasSearch.Fuzzing;
using Xunit.Abstractions;

namespace DasSearch.Formats.Tests;

/// <summary>Checkpoints of every format, whatever happened to them: read or refused within a second, in memory that their size allows, and nothing in them is run.</summary>
/// <remarks>
/// <c>DAS_FUZZ=100000 dotnet test tests/DasSearch.Formats.Tests -c Release --filter CheckpointFuzz --logger "console;verbosity=detailed"</c>
/// tries 100,000 of each and prints what became of them. Archives' checks catch most of what is done to archives, so the pickle
/// within one is mutated by itself besides.
/// </remarks>
public sealed class CheckpointFuzzTests(ITestOutputHelper output)
{
    private const string Trace = "/tmp/das-was-run"; // what the commands in some fixtures would leave
    private const long Own = 1 << 20;

    [Fact]
    public void Safetensors_OfAnyBytes_IsReadOrRefused()
    {
        var path = Path.GetTempFileName();
        SafetensorsFile.Write(
            path,
            [WeightTensor.Of("a.0", [2, 3], [1, 2, 3, 4, 5, float.NaN]), WeightTensor.Of("a.1", "I64", [2], new byte[16])],
            new Dictionary<string, string> { ["heads"] = "3", ["format"] = "pt" });
        var sound = File.ReadAllBytes(path);
        File.Delete(path);
        Check("safetensors", [sound]);
    }

    [Fact]
    public void TorchFile_OfAnyBytes_IsReadOrRefused() =>
        Check("torch", [Fixture("state-2.pt"), Fixture("state-5.pt"), Fixture("lightning.ckpt"), Fixture("nested.pth"), Fixture("tied.pt")]);

    [Fact]
    public void PickleOfATorchFile_OfAnyBytes_IsReadOrRefused()
    {
        var (state, hostile) = (Entries("state-4.pt"), Entries("system.pt"));
        var pickle = state.Keys.Single(IsPickle);

        // What follows a pickle's end is not read, unless a mutation brings it before that.
        byte[][] sound = [[.. state[pickle], .. hostile[hostile.Keys.Single(IsPickle)]], Entries("state-2.pt")["state-2/data.pkl"]];
        Check("pickle", sound, within: file => Zip(state, pickle, file));
        Assert.False(File.Exists(Trace));

        static bool IsPickle(string name) => name.EndsWith("/data.pkl", StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_OfAnyBytes_AreReadOrRefused() => Check("npz", [Fixture("arrays.npz")]);

    // A byte of Deflate's can stand for as many as 1032.
    [Fact]
    public void PackedArrays_OfAnyBytes_AreReadOrRefused() => Check("packed npz", [Fixture("packed.npz")], perByte: 1100);

    [Fact]
    public void OneArray_OfAnyBytes_IsReadOrRefused() =>
        Check("npy", [Fixture("one.weight.npy"), Fixture("version-2.npy"), Fixture("version-3.npy")]);

    [Fact]
    public void OnnxModel_OfAnyBytes_IsReadOrRefused() => Check("onnx", [Fixture("model.onnx")]);

    private static byte[] Fixture(string name) => File.ReadAllBytes(PathOf(name));

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    private static Dictionary<string, byte[]> Entries(string name)
    {
        using var zip = ZipFile.OpenRead(PathOf(name));
        return zip.Entries.ToDictionary(static entry => entry.FullName, static entry =>
        {
            using var stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            return bytes;
        });
    }

    private static byte[] Zip(Dictionary<string, byte[]> entries, string changed, byte[] bytes)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(name == changed ? bytes : content);
            }
        }

        return file.ToArray();
    }

    private void Check(string name, IReadOnlyList<byte[]> sound, Func<byte[], byte[]>? within = null, long perByte = 20)
    {
        var outcome = Fuzz.Check($"checkpoint: {name}", 3000, sound, file => Read(within?.Invoke(file) ?? file), new FuzzLimits(Own, perByte, IsBinary: true));
        output.WriteLine(outcome.ToString());
        Assert.InRange(outcome.Refused, 1, outcome.Tried - 1);
    }

    private static void Read(byte[] file)
    {
        foreach (var tensor in WeightFile.Read(ByteRange.OfMemory("fuzz", file)).Tensors.Values)
        {
            Assert.Equal(tensor.Bytes, tensor.ToArray().Length);
            _ = tensor.IsFloating ? tensor.Floats() : [];
        }
    }
}
