using System.Text;
using DasSearch.Core.Configuration;
using DasSearch.Fuzzing;

namespace DasSearch.Formats.Tests;

/// <summary>Files that were sound once, whatever happened to them: they are read, or refused in one sentence.</summary>
public sealed class FuzzTests : IDisposable
{
    private const string Search = """
        # a search
        task: fashionvl-vqa
        backbone: vilt
        checkpoint: "vilt.safetensors"
        skip: 3
        seed: -7
        precision: bfloat16
        budget: {macs: -20%}
        constraints:
          never: 0,11
          kept_per_stream: 2
        model: {width: 96, heads: 3, dropout: 0.1}
        controller: {name: thompson, candidates: 3, learning_rate: 1e-2}
        search: {epochs: 2, train: uniform, batch_size: 64}
        stop: {error: 0.05}
        validation:
          mode: eval
          batch: fresh
        method: {name: das, rank: 4}
        """;

    private const string Pretraining = "output: vilt.safetensors\nmodel: {width: 96, heads: 3}\ntraining:\n  steps: 100\n  batch_size: 8\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-fuzz-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Settings_OfAnyBytes_AreReadOrRefusedInASentence()
    {
        var outcome = Fuzz.Check("settings", 400, [Bytes(Search), Bytes(ConfigFile.Parse<RunConfig>(Search, "search", null, []).Text)], file =>
        {
            var settings = ConfigFile.Load<RunConfig>(Write("search.yaml", file), []);
            _ = settings.FullPath(settings.Values.Checkpoint ?? "none");
            settings.Values.CheckAgainst(12);
            Assert.Equal(settings.Text, ConfigFile.Parse<RunConfig>(settings.Text, "canonical", settings.Path, []).Text);
        });
        Assert.True(outcome.Refused > 0);
        Fuzz.Check("settings of a pre-training", 200, [Bytes(Pretraining)], file => ConfigFile.Load<PretrainingConfig>(Write("pretrain.yaml", file), []));
    }

    [Fact]
    public void Override_OfAnyText_IsTakenOrRefusedInASentence() => Fuzz.Check(
        "overrides",
        200,
        [Bytes("search.epochs=2"), Bytes("name=vqa"), Bytes("method.rank=4"), Bytes("budget.macs=-20%")],
        file => ConfigFile.Parse<RunConfig>("task: fashionvl-vqa\nbackbone: vilt\n", "search", null, [Encoding.UTF8.GetString(file)]));

    [Fact]
    public void Plan_OfAnyBytes_IsReadOrRefusedInASentence()
    {
        var kept = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Kept"), "plan-*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes);
        Fuzz.Check("plan", 400, [Bytes(PlanFile.Format(PlanFileTests.Trained)), .. kept], file =>
        {
            var plan = PlanFile.Read(Write("plan.json", file));
            Assert.Equal(PlanFile.Format(plan), PlanFile.Format(PlanFile.Parse(PlanFile.Format(plan), "plan")));
        });
    }

    [Fact]
    public void WeightsInSeveralFiles_OfAnyBytes_AreReadOrRefusedInASentence()
    {
        var index = Bytes("""{"metadata":{"total_size":"96"},"weight_map":{"a.0":"1.safetensors","a.1":"1.safetensors","b.0":"2.safetensors","b.1":"2.safetensors"}}""");
        Write("1.safetensors", Weights("a"));
        Write("2.safetensors", Weights("b"));
        Fuzz.Check("index of weights", 300, [index], file => Read(Write("model.safetensors.index.json", file)));
        Write("model.safetensors.index.json", index);
        Fuzz.Check("weights of an index", 300, [Weights("b")], file =>
        {
            Write("2.safetensors", file);
            Read(PathOf("model.safetensors.index.json"));
        });
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static void Read(string path)
    {
        foreach (var tensor in WeightFile.Open(path).Tensors.Values)
        {
            Assert.Equal(tensor.Bytes, tensor.ToArray().Length);
            _ = tensor.IsFloating ? tensor.Floats() : [];
        }
    }

    private byte[] Weights(string name)
    {
        var path = PathOf("sound.safetensors");
        SafetensorsFile.Write(
            path,
            [WeightTensor.Of(name + ".0", [2, 3], [1, 2, 3, 4, 5, float.NaN]), WeightTensor.Of(name + ".1", "I64", [2], new byte[16])],
            new Dictionary<string, string> { ["heads"] = "3", ["format"] = "pt" });
        return File.ReadAllBytes(path);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }
}
