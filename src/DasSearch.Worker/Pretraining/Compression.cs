using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Pretraining;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Distillation;
using static TorchSharp.torch;

namespace DasSearch.Worker.Pretraining;

/// <summary>A checkpoint on its way to one of a low rank, by PELA (arXiv:2310.10700): its factors, and what holds their training to the original.</summary>
/// <remarks>
/// Intermediate training learns all parameters: with the pre-training's data and losses, or of a classifier of images as <see cref="ClassifierCompression"/> does. The
/// teacher is the original in evaluation mode, on the same batches; both read what is padded alike.
/// </remarks>
public sealed class Compression : IDisposable
{
    private readonly CompressionConfig _config;
    private readonly string _source;
    private readonly Checkpoint _original;
    private readonly Dictionary<string, Tensor> _factorised;
    private PretrainingModel? _teacher;
    private Dictionary<string, Tensor>? _weights; // the original's, where the factors are

    /// <summary>Reads the checkpoint, and finds the factors.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="checkpoint">The checkpoint's path in full.</param>
    /// <param name="progress">Told of every Linear.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="DasSearchException">It cannot be read, or κ leaves a Linear no rank.</exception>
    public Compression(CompressionConfig config, string checkpoint, ICompressionProgress progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(progress);
        (_config, _source) = (config, checkpoint);
        using var scope = NewDisposeScope();
        Network = LowRankCheckpoint.NetworkOf(checkpoint);
        _original = LowRankCheckpoint.Read(checkpoint, Network);
        Ranks = LowRankCheckpoint.Ranks(_original.Tensors, checkpoint, config.Compress.Kappa, config.Compress.Kept);
        var done = 0;
        _factorised = LowRankCheckpoint.Factorise(_original.Tensors, Ranks, _ => progress.Factorising(++done, Ranks.Count), cancellation);
        ParametersBefore = _original.Tensors.Values.Sum(static tensor => tensor.numel());
        ParametersAfter = _factorised.Values.Sum(static tensor => tensor.numel());
        foreach (var tensor in Tensors)
        {
            tensor.DetachFromDisposeScope(); // it lives as long as this
        }
    }

    /// <summary>What it is of.</summary>
    public CompressibleNetwork Network { get; }

    /// <summary>The Linears that are two of a low rank then, and their ranks.</summary>
    public IReadOnlyDictionary<string, int> Ranks { get; }

    /// <summary>Numbers in the checkpoint, heads included.</summary>
    public long ParametersBefore { get; }

    /// <summary>The same with the factors.</summary>
    public long ParametersAfter { get; }

    /// <summary>What the checkpoint says of itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _original.Metadata;

    /// <summary>Whether the original tells as many classes of images.</summary>
    internal bool Tells(int classes) => Network.Classifier is { } name && _original.Tensors.TryGetValue(name + ".bias", out var bias) && bias.numel() == classes;

    private IEnumerable<Tensor> Tensors => _original.Tensors.Values.Concat(_factorised.Values).Distinct<Tensor>(ReferenceEqualityComparer.Instance);

    /// <summary>All tensors of the compressed checkpoint; those of the model as they were trained, where they were.</summary>
    internal Dictionary<string, Tensor> With(IReadOnlyDictionary<string, Tensor> trained) =>
        trained.Concat(_factorised).DistinctBy(static entry => entry.Key).ToDictionary(StringComparer.Ordinal);

    /// <summary>Writes the factors as they are.</summary>
    /// <exception cref="DasSearchException">They cannot be written.</exception>
    public void Write(string path, IReadOnlyDictionary<string, string> metadata) => CheckpointFile.Write(path, _factorised, metadata);

    /// <summary>The model with the factors, to be trained; makes the teacher, too.</summary>
    /// <exception cref="DasSearchException">The checkpoint does not fit the pre-training's data, or lacks a head.</exception>
    internal PretrainingModel Student(PretrainingData data, Device device)
    {
        var sizes = ViltCheckpoint.SizesOf(new BackboneRequest
        {
            Input = new InputShape(data.Words, data.TextLength, data.ImageSide, data.ImageSide),
            Sizes = _config.Model,
            Checkpoint = _source,
            Device = device,
        });
        _teacher = ModelOf(sizes);
        _teacher.Load(_original.Tensors, _source);
        _teacher.Train(false);
        var student = ModelOf(sizes with { Ranks = Ranks.Concat(sizes.Ranks).ToDictionary(StringComparer.Ordinal) });
        student.Load(_factorised, _source);
        return student;

        PretrainingModel ModelOf(ViltConfig config) => new(
            new Vilt(config, new BackboneRequest { Input = new InputShape(config.Vocabulary, config.TextLength, data.ImageSide, data.ImageSide), Device = device }), data, config.Vocabulary, _config.Training, device);
    }

    /// <summary>The original, where a student was made.</summary>
    internal PretrainingModel Teacher => _teacher ?? throw new InvalidOperationException("There is no student yet.");

    /// <summary>What the student's features are gathered in; null where they are not needed.</summary>
    internal FeatureTrace? NewTrace() => _config.Compress.Alpha > 0 ? new FeatureTrace() : null;

    /// <summary>L_base + α L_fd + β L_rwp (eq. 7): a scalar.</summary>
    /// <param name="loss">L_base.</param>
    /// <param name="student">Its weights by name.</param>
    /// <param name="trace">What it gave on the way to the loss.</param>
    /// <param name="repeat">Does the same with the teacher.</param>
    internal Tensor Add(Tensor loss, IReadOnlyDictionary<string, Tensor> student, FeatureTrace? trace, Action<FeatureTrace> repeat)
    {
        using var scope = NewDisposeScope();
        if (trace is not null)
        {
            var original = new FeatureTrace();
            using (no_grad())
            {
                repeat(original);
            }

            loss = loss + (_config.Compress.Alpha * trace.Distance(original, _config.Compress.Features));
        }

        if (_config.Compress.Beta > 0)
        {
            var weights = _weights ??= Originals(loss.device);
            var layers = Ranks.Keys.Select(name => new FactorisedWeight(student[name + ".0.weight"], student[name + ".1.weight"], weights[name]));
            loss = loss + (_config.Compress.Beta * PelaLoss.Perturbation(_config.Compress.Weights, _config.Compress.Epsilon, layers));
        }

        return loss.alias().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _teacher?.Dispose();
        foreach (var tensor in Tensors.Concat(_weights?.Values ?? Enumerable.Empty<Tensor>()))
        {
            tensor.Dispose();
        }
    }

    private Dictionary<string, Tensor> Originals(Device device) => Ranks.Keys.ToDictionary(
        static name => name, name => _original.Tensors[name + ".weight"].to(ScalarType.Float32, device).alias().DetachFromDisposeScope(), StringComparer.Ordinal);
}

/// <summary>What every layer gave, pass by pass.</summary>
internal sealed class FeatureTrace
{
    private readonly List<(long Samples, IReadOnlyList<Tensor> Layers)> _passes = [];

    internal void Add(IReadOnlyList<Tensor> layers) => _passes.Add((layers[0].size(0), layers));

    /// <summary>L_fd, the mean over all texts read: a scalar.</summary>
    internal Tensor Distance(FeatureTrace teacher, FeatureForm form)
    {
        using var scope = NewDisposeScope();
        double samples = _passes.Sum(static pass => pass.Samples);
        var terms = _passes.Zip(teacher._passes, (own, other) => PelaLoss.Features(form, own.Layers, other.Layers) * (own.Samples / samples));
        return stack(terms.ToList()).sum().MoveToOuterDisposeScope();
    }
}
