using BenchmarkDotNet.Attributes;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Benchmarks;

/// <summary>What a search of <c>vqa-das4.yaml</c> does over and over, plainly and as the worker does it; each is exact but for rounding.</summary>
/// <remarks>
/// A round scores three subnetworks on 256 samples without gradients. "Plain" are whole passes, one after the other; "to the summary"
/// computes of the last kept layer what the summary sees; "shared" runs common beginnings once, too; "in parts" cuts the batch as
/// well; and "frozen kept", which is all that fast validation does, has embedded what is frozen in an earlier round. A training batch
/// has 16 samples, with gradients of everything trained.
/// </remarks>
public class SearchSteps
{
    private const int Layers = 12;
    private const int Skip = 4;

    private IBackbone _backbone = null!;
    private Attachments _adapters = null!;
    private Action _cleanup = null!;
    private IVisionLanguageTask _task = null!;
    private Batch _validation = null!;
    private IReadOnlyList<(Batch Batch, PrefixCache Prefixes)> _parts = null!;
    private Batch _training = null!;
    private Subnetwork[] _candidates = null!;
    private long _next;

    [GlobalSetup]
    public void Setup()
    {
        using var scope = NewDisposeScope();
        _task = TaskTable.Named("fashionvl-vqa").Open(new DataSources(Environment.GetEnvironmentVariable), new TaskSettings());
        _backbone = BackboneTable.BuiltIn.Named("vilt").Load(new BackboneRequest
        {
            Input = TransferNetwork.ShapeOf(_task.Facts), Checkpoint = "experiments/fashionvl/vilt-small.safetensors",
        }).Backbone;
        var settings = new TransferSettings { Adapters = new AdapterConfig { SkipBottleneck = 96, ParallelBottleneck = 24 } };
        var adapters = new DasTransfer().AttachWhole(new AttachRequest(_backbone, settings, CPU, []));
        _adapters = adapters.Attachments;
        foreach (var parameter in _backbone.Network.parameters().Concat(adapters.Parameters.Values))
        {
            parameter.DetachFromDisposeScope();
        }

        foreach (var (name, parameter) in _backbone.Network.named_parameters())
        {
            parameter.requires_grad = _backbone.Description.IsAlwaysTrained(name);
        }

        _validation = _task.Batch(Split.Validation, 0, 0, 256);
        _parts = [.. BatchParts.Of(_validation, _backbone.Description).Select(part => (part, Prefixes(part)))];
        _training = _task.Batch(Split.Train, 0, 0, 16);
        _cleanup = () =>
        {
            _backbone.Dispose();
            adapters.Dispose();
            _validation.Dispose();
            foreach (var (part, prefixes) in _parts)
            {
                prefixes.Dispose();
                part.Dispose();
            }

            _training.Dispose();
        };
        var random = new SeededRandom(1);
        _candidates = [.. Enumerable.Range(0, 3).Select(_ => SkipSpace.Of(Layers, Skip).Draw(random))];
    }

    [GlobalCleanup]
    public void Cleanup() => _cleanup();

    [Benchmark(Baseline = true, Description = "a round, plain")]
    public void PlainRound() => Score(candidate => Whole(_validation, candidate));

    [Benchmark(Description = "a round, to the summary")]
    public void RoundToTheSummary() => Score(candidate => _backbone.Run(Input(_validation), candidate, _adapters).Summary!);

    [Benchmark(Description = "a round, shared")]
    public void SharedRound()
    {
        using var scope = NewDisposeScope();
        using var prefixes = Prefixes(_validation);
        Shared(prefixes);
    }

    [Benchmark(Description = "a round, in parts")]
    public void RoundInParts()
    {
        using var scope = NewDisposeScope();
        foreach (var part in BatchParts.Of(_validation, _backbone.Description))
        {
            using (part)
            using (var prefixes = Prefixes(part))
            {
                Shared(prefixes);
            }
        }
    }

    [Benchmark(Description = "a round, frozen kept")]
    public void RoundWithFrozenKept()
    {
        using var scope = NewDisposeScope();
        foreach (var (_, prefixes) in _parts)
        {
            Shared(prefixes);
            prefixes.Forget();
        }
    }

    [Benchmark(Description = "a training batch, plain")]
    public void PlainBatch() => Learn(Whole);

    [Benchmark(Description = "a training batch, to the summary")]
    public void BatchToTheSummary() => Learn((batch, skipped) => _backbone.Run(Input(batch), skipped, _adapters).Summary!);

    [Benchmark(Description = "drawing a training batch, which another thread does")]
    public void Draw() => _task.Batch(Split.Train, 0, (int)(_next++ % 1000), 16).Dispose();

    private static BackboneInput Input(Batch batch) => new(batch.Texts.Ids, batch.Texts.Mask, batch.Images[0]);

    private PrefixCache Prefixes(Batch batch) => new(_backbone, _adapters, [Input(batch)], keepsEmbeddings: true);

    // All tokens of all modules.
    private Tensor Whole(Batch batch, Subnetwork skipped)
    {
        var state = _backbone.Embed(Input(batch), _adapters).State();
        for (var i = 0; i < Layers; i++)
        {
            state = _backbone.Next(state, i, skipped, _adapters);
        }

        return _backbone.Finish(state, FeatureKind.Summary, _adapters).Summary!;
    }

    private void Score(Func<Subnetwork, Tensor> summarise)
    {
        using var unrecorded = no_grad();
        foreach (var candidate in _candidates)
        {
            using var scope = NewDisposeScope();
            summarise(candidate);
        }
    }

    private void Shared(PrefixCache prefixes) => Score(candidate => prefixes.Features(candidate, FeatureKind.Summary)[0].Summary!);

    private void Learn(Func<Batch, Subnetwork, Tensor> summarise)
    {
        using var scope = NewDisposeScope();
        summarise(_training, _candidates[0]).sum().backward();
    }
}
