using System.IO.Compression;
using System.Text;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;

namespace DasSearch.Formats.Tests;

/// <summary>Case 16: files are often something else than their names say; every reader says what, and what to do.</summary>
public sealed class InputFileTests : IDisposable
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";
    private const string Page = "<!DOCTYPE html><html><head><title>404</title></head><body>Not found</body></html>";

    private static readonly Dictionary<string, (byte[] Bytes, string Said)> _files = new()
    {
        ["pickle in a zip"] = (Zip("archive/data.pkl", "archive/data/0"), "is a PyTorch file (zip), not {0}: convert it to safetensors, as "),
        ["TorchScript"] = (Zip("model/code/x.py", "model/constants.pkl"), "is a PyTorch file (zip), not {0}"),
        ["legacy pickle"] = ([0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20], "is a PyTorch file (pickle), not {0}: das does not open plain pickles, since they can run code: with PyTorch 1.6"),
        ["pickle of protocol 4"] = ([0x80, 0x04, 0x95, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x7d], "is a PyTorch file (pickle), not {0}"),
        ["pointer"] = (Bytes(Pointer), "is a Git LFS pointer, not {0}: git lfs pull fetches the file itself"),
        ["annex"] = (Bytes("/annex/objects/SHA256E-s1048576--0a1b.safetensors\n"), "is a git-annex pointer, not {0}: git annex get fetches the file itself"),
        ["page"] = (Bytes(Page), "is a web page (HTML), not {0}: download the file itself"),
        ["page with a mark and a comment"] = ([0xef, 0xbb, 0xbf, .. Bytes("\n<!-- x -->\n<HTML lang=en>")], "is a web page (HTML), not {0}: download the file itself"),
        ["gzip"] = ([0x1f, 0x8b, 8, 0, 0], "is packed with gzip, not {0}: unpack it first, with gunzip"),
        ["zip"] = (Zip("vilt.safetensors"), "is a zip archive, not {0}: unpack it first"),
        ["npz"] = (Zip("weight.npy"), "is NumPy arrays (.npz), not {0}: convert it"),
        ["npy"] = ([0x93, .. Bytes("NUMPY"), 1, 0], "is a NumPy array (.npy), not {0}"),
        ["HDF5"] = ([0x89, .. Bytes("HDF"), 0x0d, 0x0a, 0x1a, 0x0a, 0], "is an HDF5 file (of Keras, say), not {0}"),
        ["ONNX"] = ([0x08, 0x07, 0x12, 0x07, .. Bytes("pytorch")], "is an ONNX file, not {0}"),
        ["GGUF"] = ([.. Bytes("GGUF"), 3, 0, 0, 0], "is a GGUF file, not {0}"),
        ["xz"] = ([0xfd, .. Bytes("7zXZ"), 0, 0], "is packed with xz, not {0}"),
        ["zstd"] = ([0x28, 0xb5, 0x2f, 0xfd, 0], "is packed with zstd, not {0}"),
        ["tar"] = ([.. new byte[257], .. Bytes("ustar\0")], "is a tar archive, not {0}"),
        ["PDF"] = (Bytes("%PDF-1.7\n"), "is a PDF, not {0}"),
        ["picture"] = ([0x89, .. Bytes("PNG\r\n"), 0x1a, 0x0a], "is a picture (PNG), not {0}"),
        ["empty"] = ([], "is empty, and so is not {0}"),
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-input-");

    public static TheoryData<string> Names => [.. _files.Keys];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Readers_OfSomethingElse_SayWhatItIsAndWhatToDo(string name)
    {
        var (bytes, said) = _files[name];
        Said(InputKind.Weights, "x.safetensors", path => SafetensorsFile.Open(path));
        if (!InputKind.Checkpoint.Accepted.Any(accepted => said.StartsWith($"is {accepted},", StringComparison.Ordinal)))
        {
            Said(InputKind.Checkpoint, "x.ckpt", path => WeightFile.Open(path));
        }

        Said(InputKind.WeightIndex, "x.safetensors.index.json", path => WeightFile.Open(path));
        Said(InputKind.Plan, "x.plan.json", path => PlanFile.Read(path));
        Said(InputKind.Settings, "x.yaml", path => ConfigFile.Load<RunConfig>(path, []));
        Said(InputKind.Log, "x.log", path => InputFile.ReadText(path, InputKind.Log));

        void Said(InputKind kind, string file, Action<string> read)
        {
            var path = Write(file, bytes);
            Assert.Contains(
                $"{path} {said.Replace("{0}", kind.Name, StringComparison.Ordinal)}", Assert.ThrowsAny<DasSearchException>(() => read(path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Entry not found", "is text that begins with 'Entry not found', not a safetensors file: name another file")]
    [InlineData("{\"error\":\"Repository not found\"}", "is JSON, not a safetensors file: name another file")]
    [InlineData("SQLite format 3\0", "is an SQLite database, not a safetensors file: name another file")]
    public void Weights_ThatAreText_SayHowItBegins(string text, string said)
    {
        var path = Write("x.safetensors", Bytes(text));
        Assert.Equal($"{path} {said}", Assert.Throws<InputException>(() => SafetensorsFile.Open(path)).Message);
    }

    [Fact]
    public void Readers_OfWeights_SayThatTheyAre()
    {
        var path = PathOf("x");
        SafetensorsFile.Write(path, [WeightTensor.Of("a", [1], [1])]);
        Assert.Equal($"the plan {path} is a safetensors file, not a plan in JSON: name another file", Assert.Throws<PlanException>(() => PlanFile.Read(path)).Message);
        Assert.Equal(
            $"the configuration {path} is a safetensors file, not settings in YAML: name another file",
            Assert.Throws<ConfigException>(() => ConfigFile.Load<RunConfig>(path, [])).Message);
        Assert.True(InputFile.IsCheckpoint(path));
    }

    [Fact]
    public void Readers_OfAFolder_NameAFileInIt()
    {
        Write("b.safetensors", [1]);
        Write("a.safetensors", [1]);
        Assert.Equal(
            $"{_folder.FullName} is a folder: name a file in it, such as a.safetensors", Assert.Throws<InputException>(() => SafetensorsFile.Open(_folder.FullName)).Message);
        Assert.Equal($"the plan {_folder.FullName} is a folder: name a file in it", Assert.Throws<PlanException>(() => PlanFile.Read(_folder.FullName)).Message);
        Assert.Equal($"{_folder.FullName} is a folder: name a file in it, such as a.safetensors", Assert.Throws<InputException>(() => FileHash.Sha256(_folder.FullName)).Message);
    }

    [Fact]
    public void Settings_LongerThanAny_AskForNoMemory()
    {
        var path = Write("x.yaml", []);
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(4L << 30);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(
            $"the configuration {path} has more than 1048576 bytes, the most that are read of settings in YAML: name another file",
            Assert.Throws<ConfigException>(() => ConfigFile.Load<RunConfig>(path, [])).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Contains("has more than", Assert.Throws<InputException>(() => InputFile.ReadText("/dev/zero", InputKind.Settings)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    public void Text_OfAnyEncodingThatTellsItself_IsRead(string encoding)
    {
        var letters = Encoding.GetEncoding(encoding);
        var path = Write("x.log", [.. letters.GetPreamble(), .. letters.GetBytes("é tensor([1])")]);
        Assert.Equal("é tensor([1])", InputFile.ReadText(path, InputKind.Log));
    }

    [Fact]
    public void Sample_ThatEndsWithinALetter_IsText()
    {
        var path = Write("x.safetensors", Bytes(new string('x', 4095) + "é" + new string('y', 100)));
        Assert.Contains("is text that begins with 'xxxx", Assert.Throws<InputException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_ThatNoFileCanHave_IsASentence() => Assert.Contains(
        "cannot be read", Assert.Throws<InputException>(() => InputFile.Open("a\0b", InputKind.Any)).Message, StringComparison.Ordinal);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Zip(params string[] names)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in names)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(new byte[100]);
            }
        }

        return bytes.ToArray();
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }
}
