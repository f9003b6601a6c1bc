using System.Security.Cryptography;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>Trained plans, real inputs for them, and what libtorch makes of these: made once, for all tests of exports.</summary>
[CollectionDefinition(nameof(ExportFixture))]
public sealed class ExportFixture : ICollectionFixture<ExportFixture>, IDisposable
{
    private const int Batch = 5;
    private const int TinyBlocks = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-export-");
    private readonly Dictionary<string, TrainedPlan> _plans = [];
    private readonly DataSources _sources = new(Environment.GetEnvironmentVariable);

    /// <summary>The plans by what is special about them.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, Func<ExportFixture, TrainedPlan>> All { get; } = new()
    {
        ["vqa"] = fixture => fixture.Make("vqa", "fashionvl-vqa", [3, 5, 6, 8]),
        ["nlvr2"] = fixture => fixture.Make("nlvr2", "fashionvl-nlvr2", [0, 11], scale: 0.5),
        ["retrieval"] = fixture => fixture.Make("retrieval", "fashionvl-retrieval", [1]),
        ["parts"] = fixture => fixture.Make("parts", "fashionvl-vqa", [1, 4, 6, 7, 23], granularity: Granularity.SubLayers),
        ["full"] = fixture => fixture.Make("full", "fashionvl-vqa", [2, 10], method: "full"),
        ["foreign"] = fixture => fixture.Make("foreign", "fashionvl-vqa", [4], checkpoint: fixture.Foreign()),
        ["compressed"] = fixture => fixture.Make("compressed", "fashionvl-vqa", [3, 7], checkpoint: fixture.Compressed()),
        ["compressed-lora"] = fixture => fixture.Make("compressed-lora", "fashionvl-vqa", [2], method: "lora", checkpoint: fixture.Compressed()),
        ["compressed-full"] = fixture => fixture.Make("compressed-full", "fashionvl-vqa", [4], method: "full", checkpoint: fixture.Compressed()),
        ["searched"] = fixture => fixture.Search(),
    };

    /// <summary>A plan by its name.</summary>
    internal TrainedPlan Plan(string name) =>
        _plans.TryGetValue(name, out var known) ? known : _plans[name] = All[name](this);

    /// <summary>A file of the folder, which need not be there.</summary>
    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    // The checkpoint of the repository with a plan on it, "trained" to numbers that leave no bias and no norm at its start.
    private TrainedPlan Make(
        string name,
        string task,
        int[] skipped,
        string method = DasPlacement.Type,
        double scale = 1,
        string? checkpoint = null,
        Granularity granularity = Granularity.Layers,
        int blocks = 12,
        string replacement = DasPlacement.Type,
        IReadOnlyDictionary<string, string>? options = null)
    {
        using var scope = NewDisposeScope();
        checkpoint ??= Checkpoint;
        var modules = ViltCheckpoint.Modules(blocks, granularity);
        var settings = new TransferSettings
        {
            Adapters = new AdapterConfig { SkipBottleneck = 24, ParallelBottleneck = 12, Scale = scale, Replacement = replacement },
            Options = options ?? new Dictionary<string, string>(),
        };
        var subnetwork = new Subnetwork(modules.Count, skipped);
        var plan = new SkipPlan(
            "vilt",
            task,
            modules.Count,
            granularity,
            new PlanProvenance(null, name, null, null, "0.1.0", checkpoint, Sha256(checkpoint)),
            [.. skipped.Select(i => new SkippedModule(i, modules[i].Name, modules[i].Kind, null))],
            TransferTable.BuiltIn.Named(method).Layout(modules, subnetwork, settings),
            new Accounting(0, 0, 0, 0));
        using var network = Build(plan, method, checkpoint, settings.Options);
        using (no_grad())
        {
            foreach (var parameter in network.Trained)
            {
                parameter.Parameter.add_(randn_like(parameter.Parameter) * 0.05);
            }
        }

        var weights = PathOf(name + ".plan.safetensors");
        CheckpointFile.Write(weights, network.TrainedState());
        var parameters = network.CountParameters();
        plan = new SkipPlan(
            plan.Backbone, plan.Task, plan.Modules, plan.Granularity, plan.Provenance, plan.Skip, plan.Adapters, new Accounting(parameters, parameters, 0, 0),
            new PlanResult(method, 0, 1, new Dictionary<string, double>(), null, Path.GetFileName(weights), Sha256(weights)) { Options = settings.Options });
        PlanFile.Write(plan, PathOf(name + ".plan.json"));
        return Compute(name, PathOf(name + ".plan.json"), checkpoint);
    }

    /// <summary>A plan of a method on a tiny network, at sizes that fit it.</summary>
    /// <param name="skipped">The modules that it skips.</param>
    /// <param name="options">The method's settings, such as <c>alpha=key</c>, separated by commas.</param>
    internal TrainedPlan Method(string method, int[] skipped, Granularity granularity = Granularity.Layers, string replacement = DasPlacement.Type, string options = "")
    {
        var name = $"{method}-{string.Join(".", skipped)}-{granularity}-{replacement}-{options}";
        if (_plans.TryGetValue(name, out var known))
        {
            return known;
        }

        var own = TransferTable.BuiltIn.Named(method).Options;
        var settings = $"tokens=3,rank=2,bottleneck=4,channels=4,subset_size=64,{options}".Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static option => option.Split('='))
            .Where(option => own.Any(known => known.Name == option[0])).ToDictionary(static option => option[0], static option => option[1]);
        return _plans[name] = Make(
            name, "fashionvl-vqa", skipped, method, scale: 0.75, checkpoint: Tiny(), granularity: granularity, blocks: TinyBlocks, replacement: replacement, options: settings);
    }

    /// <summary>What a checkpoint alone makes of a plan's inputs, with nothing attached.</summary>
    internal IReadOnlyList<float[]> LogitsOf(string checkpoint, TrainedPlan like)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var plan = like.Plan.With(adapters: []);
        using var network = Build(plan, "linear", checkpoint, new Dictionary<string, string>());
        var tensors = CheckpointFile.Read(checkpoint).Tensors;
        network.LoadTrained(network.TrainedState().Keys.ToDictionary(static name => name, name => tensors[name]), checkpoint);
        network.Train(false);
        using var batch = Open(plan.Task).Batch(Split.Test, 0, 0, Batch);
        var logits = network.Logits(batch, plan.Subnetwork);
        return [.. logits.data<float>().ToArray().Chunk((int)logits.size(1))];
    }

    private string Tiny()
    {
        var path = PathOf("tiny-checkpoint.safetensors");
        if (!File.Exists(path))
        {
            using var scope = NewDisposeScope();
            manual_seed(5);
            var input = TransferNetwork.ShapeOf(Open("fashionvl-vqa").Facts);
            var config = new ViltConfig
            {
                Vocabulary = input.Vocabulary, TextLength = input.TextLength, Width = 16, Layers = TinyBlocks, Heads = 2, FeedForwardRatio = 2, PatchSize = 28, PositionGrid = 2,
            };
            using var backbone = new Vilt(config, new BackboneRequest { Input = input });
            CheckpointFile.Write(
                path, backbone.named_parameters().ToDictionary(static entry => entry.name, static entry => (Tensor)entry.parameter), new Dictionary<string, string> { ["heads"] = "2" });
        }

        return path;
    }

    // What a user does, with few steps: pre-trains, searches, trains.
    private TrainedPlan Search()
    {
        File.WriteAllText(PathOf("pretrain.yaml"), """
            output: tiny.safetensors
            model: {width: 8, layers: 4, heads: 2, patch_size: 28}
            training: {steps: 2, batch_size: 4, warm_up_steps: 1}
            evaluation: {every: 2, samples: 8, final_samples: 8}
            """);
        File.WriteAllText(PathOf("tiny.yaml"), SearchFixture.Tiny + "\ncheckpoint: tiny.safetensors");
        var (plan, database) = (PathOf("searched.plan.json"), PathOf("das.db"));
        foreach (string[] command in new string[][]
        {
            ["pretrain", PathOf("pretrain.yaml"), "--quiet"],
            ["search", PathOf("tiny.yaml"), "--db", database, "-o", plan, "--quiet"],
            ["train", plan, "--db", database, "--quiet"],
        })
        {
            var das = SearchFixture.RunAsync(command).GetAwaiter().GetResult();
            Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        }

        return Compute("searched", plan, PathOf("tiny.safetensors"));
    }

    // As another tool might have written it: a larger position table, and other types of floating number.
    private string Foreign()
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = CheckpointFile.Read(Checkpoint);
        var foreign = tensors.ToDictionary(entry => entry.Key, entry => entry.Value.type(ScalarType.Float16));
        foreign["transformer.pos_embed"] = randn(1, 10, 96, ScalarType.Float64);
        foreign["transformer.cls_token"] = tensors["transformer.cls_token"].type(ScalarType.BFloat16);
        var path = PathOf("foreign.safetensors");
        CheckpointFile.Write(path, foreign, metadata);
        return path;
    }

    // Linears of a low rank, but for those that a filter keeps.
    private string Compressed()
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = CheckpointFile.Read(Checkpoint);
        var ranks = LowRankCheckpoint.Ranks(tensors, Checkpoint, kappa: 2, ["blocks.5.mlp"]);
        var path = PathOf("compressed.safetensors");
        CheckpointFile.Write(path, LowRankCheckpoint.Factorise(tensors, ranks, static _ => { }, CancellationToken.None), metadata);
        return path;
    }

    // The plan as it lies on disk, which is what is exported, on a real batch with texts of several lengths.
    private TrainedPlan Compute(string name, string path, string checkpoint)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var plan = PlanFile.Read(path);
        using var network = Build(plan, plan.Result!.Method, checkpoint, plan.Result.Options);
        network.LoadTrained(CheckpointFile.Read(Path.Combine(_folder.FullName, plan.Result.Weights!)).Tensors, path);
        network.Train(false);
        using var batch = Open(plan.Task).Batch(Split.Test, 0, 0, Batch);
        var logits = network.Logits(batch, plan.Subnetwork);
        var inputs = Inputs(batch);
        var width = batch.Texts.Ids.dim() == 3 ? 1 : logits.size(1); // a pair of image and text has one score
        CheckpointFile.Write(PathOf(name + ".inputs.safetensors"), inputs);
        var rows = logits.data<float>().ToArray().Chunk((int)width);
        return new TrainedPlan(plan, path, checkpoint, PathOf(name + ".inputs.safetensors"), [.. rows]);
    }

    private static Dictionary<string, Tensor> Inputs(Batch batch)
    {
        var (ids, mask) = batch.Texts;
        var texts = ids.dim() == 3 ? ids.size(1) : 1;
        var tensors = batch.Images
            .Select((image, i) => (Name: batch.Images.Count == 1 ? "image" : $"image_{i + 1}", Image: image.repeat_interleave(texts, 0)))
            .ToDictionary(entry => entry.Name, entry => entry.Image);
        tensors["text_ids"] = ids.reshape(-1, ids.size(-1));
        tensors["text_mask"] = mask.reshape(-1, mask.size(-1));
        Assert.NotEqual(mask.numel(), mask.sum().item<long>()); // Some text is padded.
        return tensors;
    }

    private TransferNetwork Build(SkipPlan plan, string method, string checkpoint, IReadOnlyDictionary<string, string> options) => TransferNetwork.Build(
        new NetworkRequest
        {
            Backbone = BackboneTable.BuiltIn.Named(plan.Backbone),
            Method = TransferTable.BuiltIn.Named(method),
            Task = Open(plan.Task),
            Checkpoint = checkpoint,
            Transfer = new TransferSettings { Options = options },
            Granularity = plan.Granularity,
        }.Planned(plan, seed: 3));

    private IVisionLanguageTask Open(string task) => TaskTable.Named(task).Open(_sources, new TaskSettings(Candidates: 3));

    private static string Checkpoint => Path.Combine(Referee.Root, "experiments", "fashionvl", "vilt-small.safetensors");

    internal static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
