using System.IO.Compression;
using System.Text;
using DasSearch.Formats;

namespace DasSearch.Cli.Tests;

/// <summary>Files as they come from outside, at the command line: cases 13 to 18 of what people reported of tools like this one.</summary>
public sealed class OutsideFileTests : IDisposable
{
    private const string Settings = """
        task: fashionvl-vqa
        backbone: vilt
        checkpoint: model.safetensors
        skip: 3
        threads: 1
        search: {epochs: 1, warm_up_epochs: 0, batch_size: 50, samples: 200, steps_between_rounds: 2}
        validation: {batch_size: 64}
        adapters: {skip_bottleneck: 4, parallel_bottleneck: 2}
        """;

    private static readonly Lazy<SafetensorsFile> _shipped = new(() =>
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "DasSearch.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        return SafetensorsFile.Open(Path.Combine(root, "experiments", "fashionvl", "vilt-small.safetensors"));
    });

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-outside-");

    private string Checkpoint => PathOf("model.safetensors");

    public OutsideFileTests() => File.WriteAllText(PathOf("vilt.yaml"), Settings);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Case13_IntegersForWeights_AreRefusedByNameAndType()
    {
        Write(tensor => tensor.Name.EndsWith("qkv.weight", StringComparison.Ordinal)
            ? WeightTensor.Of(tensor.Name, "I8", tensor.Shape, [.. Enumerable.Range(0, (int)tensor.Count).Select(static i => (byte)(i % 7))])
            : tensor);
        await FailsAsync(
            ExitCode.Failed,
            $"das: checkpoint {Checkpoint} has transformer.blocks.0.attn.qkv.weight of type I8, expected floating numbers: F16, BF16, F32 or F64; "
            + "the weights of a quantised checkpoint have to be turned back into floats first\n");
        Write(tensor => tensor.Name == "transformer.norm.bias" ? WeightTensor.Of(tensor.Name, tensor.Shape, [.. Enumerable.Repeat(float.NaN, (int)tensor.Count)]) : tensor);
        await FailsAsync(
            ExitCode.Failed,
            $"das: checkpoint {Checkpoint} has NaN in transformer.norm.bias, of type F32, expected finite numbers of 32 bits: "
            + "it is damaged, or of a training that diverged\n");
    }

    [Fact]
    public async Task Case14_AMissingLayer_IsNamed()
    {
        Write(tensor => tensor.Name.StartsWith("transformer.blocks.5.", StringComparison.Ordinal) ? null : tensor);
        await FailsAsync(
            ExitCode.Failed,
            $"das: checkpoint {Checkpoint} has transformer.blocks.6, but lacks transformer.blocks.5: "
            + "a shard is missing, or layers were left out and the rest not renumbered\n");
    }

    [Fact]
    public async Task Case15_LostMetadata_AsksForHeads_AndSaysWhatElseIsTaken()
    {
        Write(static tensor => tensor, keepsMetadata: false);
        await FailsAsync(
            ExitCode.BadUsage,
            $"das: model.heads must be set: checkpoint {Checkpoint} does not say how many heads it has, and its width, 96, is not so many times 64; "
            + "any divisor fits the weights, but only the one that they were trained with makes them the same network\n");

        var plan = PathOf("plan.json");
        Assert.Equal(ExitCode.Done, (await SearchFixture.RunAsync("import", "[3,5]", "--backbone", "vilt", "--task", "fashionvl-vqa", "--checkpoint", Checkpoint, "-o", plan)).Code);
        var das = await SearchFixture.RunAsync("profile", plan, "--config", PathOf("vilt.yaml"), "--set", "model.heads=3");
        Assert.Equal(
            (ExitCode.Done, $"note: checkpoint {Checkpoint} does not say, and so is taken to have, dropout 0.1 (model.dropout says otherwise)\n"), (das.Code, das.Error));
    }

    [Fact]
    public async Task Checkpoint_OfNumPy_IsTheSameNetwork()
    {
        Write(static tensor => tensor);
        WriteArrays("model.npz");
        var profiles = new List<string>();
        foreach (var name in new[] { Checkpoint, PathOf("model.npz") })
        {
            var plan = PathOf("plan.json");
            Assert.Equal(ExitCode.Done, (await SearchFixture.RunAsync("import", "[3,5]", "--backbone", "vilt", "--task", "fashionvl-vqa", "--checkpoint", name, "-o", plan)).Code);
            var das = await SearchFixture.RunAsync("profile", plan, "--config", PathOf("vilt.yaml"), "--set", $"checkpoint={name}", "--set", "model.heads=3", "--set", $"model.dropout={_shipped.Value.Metadata["dropout"]}");
            Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
            profiles.Add(das.Output);
        }

        Assert.Equal(profiles[0], profiles[1]);
    }

    [Fact]
    public async Task Case16_APickleAPointerAndAPage_AreToldApart()
    {
        (string Name, byte[] Bytes, string Said)[] files =
        [
            ("last.ckpt", [0x80, 2, .. "}q."u8],
                "is a PyTorch file (pickle), not {0}: das does not open plain pickles, since they can run code: "
                + "with PyTorch 1.6 or later, torch.save(torch.load(OLD, map_location='cpu'), NEW) writes a zip file that it reads"),
            ("pointer.safetensors", [.. "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"u8],
                "is a Git LFS pointer, not {0}: git lfs pull fetches the file itself"),
            ("page.safetensors", [.. "<!DOCTYPE html><html><head><title>404</title></head></html>"u8], "is a web page (HTML), not {0}: download the file itself"),
            ("empty.safetensors", [], "is empty, and so is not {0}: it was perhaps not written or downloaded to its end; name another file"),
        ];
        foreach (var (name, bytes, said) in files)
        {
            File.WriteAllBytes(PathOf(name), bytes);
            await FailsAsync(ExitCode.Failed, $"das: {PathOf(name)} {OfCheckpoint()}\n", "--set", $"checkpoint={name}");
            await SaysAsync(ExitCode.Failed, $"das: {PathOf(name)} {(name == "last.ckpt" ? Said("a log or a script") : OfCheckpoint())}\n", "import", PathOf(name), "--backbone", "vilt");
            await SaysAsync(ExitCode.Failed, $"das: the plan {PathOf(name)} {Said("a plan in JSON")}\n", "train", PathOf(name));
            await SaysAsync(ExitCode.BadUsage, $"das: the configuration {PathOf(name)} {Said("settings in YAML")}\n", "search", PathOf(name));

            string OfCheckpoint() => Said("a checkpoint").Replace(
                "; name another file", "; name another file, of safetensors, PyTorch (zip), NumPy (.npz, .npy), ONNX or llama2.c", StringComparison.Ordinal);

            string Said(string wanted) => said.Replace("{0}", wanted, StringComparison.Ordinal);
        }

        await SaysAsync(
            ExitCode.Failed,
            $"das: {PathOf("page.safetensors")} is a web page (HTML), not a database of das: download the file itself\n",
            "runs",
            "--db",
            PathOf("page.safetensors"));
        await SaysAsync(ExitCode.Failed, $"das: the database {_folder.FullName} is a folder: name a file in it\n", "runs", "--db", _folder.FullName);
        await SaysAsync(
            ExitCode.Failed,
            $"das: {PathOf("empty.safetensors")} is empty, and so is not a database of das: run das search first, or name another file with --db\n",
            "runs",
            "--db",
            PathOf("empty.safetensors"));
    }

    [Fact]
    public async Task Case17_TheDefaultsOfASearch_AreNoChoice()
    {
        var log = PathOf("search.log");
        File.WriteAllText(log, """
            INFO - METER - Running command 'main'
            Configuration (modified, added, typechanged, doc):
              max_epoch = 10
              skip_module = [0, 1, 2, 3]
              skip_num = 4
            INFO - METER - Started
            RuntimeError: CUDA out of memory. Tried to allocate 96.00 MiB
            """);
        await SaysAsync(
            ExitCode.Failed,
            $"das: {log}:4 has 'skip_module = [0, 1, 2, 3]' among the settings of a search, which has the number of modules to skip beside it and does not use "
            + $"the list, and there is no choice in {log}: if the list is meant, give it itself, as '[0,1,2,3]'\n",
            "import",
            log,
            "--backbone",
            "meter",
            "-o",
            PathOf("p.json"));
        Assert.False(File.Exists(PathOf("p.json")));
    }

    [Theory]
    [InlineData("train.py", "if training_args.finetuning:\n    # skip_list = [7, 17] # other data\n    skip_list = [3, 8, 9]\nelse:\n    skip_list = []\n", 3, "skip_list = [3, 8, 9]")]
    [InlineData("black.py", "skip_list = [\n    3,  # attention\n    8,\n    9,\n]\n", 1, "skip_list = [")]
    [InlineData("comprehension.py", "skip_list = [int(word) for word in text.split(',')]\n# chosen:\nskip_list = [3, 8, 9]\n", 3, "skip_list = [3, 8, 9]")]
    [InlineData("comment.sh", "python train.py --data \"/data/run#3\" --skip_list '[3, 8, 9]'\n", 1, "python train.py --data \"/data/run#3\" --skip_list '[3, 8, 9]'")]
    public async Task Case18_ListsOfScripts_AreRead(string name, string script, int line, string text)
    {
        File.WriteAllText(PathOf(name), script);
        var das = await SearchFixture.RunAsync("import", PathOf(name), "--backbone", "llava", "-o", PathOf("p.json"));
        Assert.Equal(ExitCode.Done, das.Code);
        Assert.StartsWith($"note: the list was taken from {PathOf(name)}:{line}, '{text}'\n", das.Error, StringComparison.Ordinal);
        Assert.Equal([3, 8, 9], PlanFile.Read(PathOf("p.json")).Skip.Select(static module => module.Index));
    }

    private static async Task SaysAsync(ExitCode code, string said, params string[] args)
    {
        var das = await SearchFixture.RunAsync(args);
        Assert.Equal((code, said), (das.Code, das.Error));
    }

    private async Task FailsAsync(ExitCode code, string said, params string[] more)
    {
        await SaysAsync(code, said, ["search", PathOf("vilt.yaml"), "--db", PathOf("x.db"), .. more]);
        Assert.False(File.Exists(PathOf("x.db")));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void WriteArrays(string name)
    {
        using var zip = ZipFile.Open(PathOf(name), ZipArchiveMode.Create);
        foreach (var tensor in _shipped.Value.Tensors.Values)
        {
            var type = tensor.Type == "F16" ? "<f2" : "<f4";
            var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Concat(tensor.Shape.Select(static size => $"{size}, ")).TrimEnd()}), }}\n";
            using var entry = zip.CreateEntry(tensor.Name + ".npy", CompressionLevel.NoCompression).Open();
            entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)]);
            entry.Write(tensor.ToArray());
        }
    }

    private void Write(Func<WeightTensor, WeightTensor?> change, bool keepsMetadata = true) => SafetensorsFile.Write(
        Checkpoint, _shipped.Value.Tensors.Values.Select(change).OfType<WeightTensor>(), keepsMetadata ? _shipped.Value.Metadata : null);
}
