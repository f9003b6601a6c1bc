using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Worker.Networks;

/// <summary>A backbone for a task: frozen but for what a transfer method trains, with its attachments and its head.</summary>
/// <remarks>A supernet has what every subnetwork needs; a planned network has only its own, and no skipped module.</remarks>
public sealed class TransferNetwork : IDisposable
{
    private const int SampleBatch = 32;

    private readonly IBackbone _backbone;
    private readonly Attached _attached;
    private readonly TaskHead _head;
    private readonly NetworkRequest _request;
    private readonly bool _keepsEmbeddings;
    private readonly IReadOnlyDictionary<string, Parameter> _kept; // of the first stage, and not trained any more
    private Attachments _attachments;

    private TransferNetwork(IBackbone backbone, Attached attached, TaskHead head, NetworkRequest request)
    {
        (_backbone, _attached, _head, _request, _attachments) = (backbone, attached, head, request, attached.Attachments);
        var (trained, kept, stage) = (new List<TrainedParameter>(), new Dictionary<string, Parameter>(StringComparer.Ordinal), request.FirstStage);
        foreach (var (name, parameter) in backbone.Network.named_parameters())
        {
            parameter.requires_grad = request.Method.Trains(backbone.Description, request.Transfer, name);
            if (parameter.requires_grad)
            {
                trained.Add(new TrainedParameter(name, parameter, GroupOf(name)));
            }
            else if (stage?.Method.Trains(backbone.Description, stage.Transfer, name) == true)
            {
                kept.Add(name, parameter);
            }
        }

        if (request.Precision == Precision.BFloat16)
        {
            FrozenWeights.Store(backbone.Network, ScalarType.BFloat16);
        }

        _keepsEmbeddings = trained.TrueForAll(parameter => backbone.Description.IsAlwaysTrained(parameter.Name))
            && backbone.Description.Projections.All(place => place.Role != ProjectionRole.Patches || !attached.Attachments.Projections.ContainsKey(place.Name));
        trained.AddRange(attached.Parameters.Select(entry => new TrainedParameter(entry.Key, entry.Value, GroupOf(entry.Key))));
        trained.AddRange(head.Parameters().Select(entry => new TrainedParameter(entry.Name, entry.Parameter, head.Group)));
        _kept = kept;
        Trained = [.. trained.OrderBy(static parameter => parameter.Name, StringComparer.Ordinal)];
    }

    /// <summary>The backbone in numbers.</summary>
    public BackboneDescription Backbone => _backbone.Description;

    /// <summary>What the backbone's checkpoints say of it.</summary>
    internal IReadOnlyDictionary<string, string> Metadata => _backbone.Metadata;

    /// <summary>Where it lives.</summary>
    public Device Device => _request.Device;

    /// <summary>What is trained, by name.</summary>
    public IReadOnlyList<TrainedParameter> Trained { get; }

    /// <summary>The adapters as a plan lists them; none where the method has no such thing.</summary>
    public IReadOnlyList<AdapterPlacement> Placements => _attached.Placements;

    /// <summary>The backbone's parameters by name, trained or not.</summary>
    internal IReadOnlyDictionary<string, Parameter> BackboneParameters =>
        _backbone.Network.named_parameters().ToDictionary(static entry => entry.name, static entry => entry.parameter, StringComparer.Ordinal);

    /// <summary>What is put on the backbone.</summary>
    internal Attachments Attachments => _attachments;

    /// <summary>Inner units of what is attached; none where the method has no such thing.</summary>
    internal IReadOnlyList<UnitGroup> Units => _attached.Units;

    /// <summary>Whether what the method adds to kept modules can be put into the backbone's own weights exactly.</summary>
    public bool IsMergeable => _attached.IsMergeable;

    /// <summary>Builds a network; the same request gives the same weights.</summary>
    /// <exception cref="DasSearchException">The checkpoint cannot be read, or something does not fit something else.</exception>
    public static TransferNetwork Build(NetworkRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.DropPath > 0 && !request.Backbone.TakesDropPath)
        {
            throw new ConfigException("training.drop_path", $"is for backbones of images, vit and swin, not for {request.Backbone.Name}: leave it out");
        }

        using var scope = NewDisposeScope();
        manual_seed(request.GeneratorSeed);
        var loaded = request.Backbone.Load(new BackboneRequest
        {
            Input = ShapeOf(request.Task.Facts),
            Sizes = request.Sizes,
            Checkpoint = request.Checkpoint,
            Granularity = request.Granularity,
            Absent = request.Absent,
            DropPath = request.DropPath,
            Device = request.Device,
            Features = request.Features,
            Note = request.Note,
        });
        Attached? attached = null;
        try
        {
            NetworkMemory.Check(request, loaded.Backbone.Description);
            CheckIsShown(request.Task.Facts, request.Backbone.Name, loaded.Backbone.Description);
            GoOnFrom(request.Previous, loaded.Backbone.Network.named_parameters().Select(static entry => (entry.name, (Tensor)entry.parameter)));
            using var evidence = request.IsRestored ? null : new NetworkEvidence(request);
            attached = request.Method.AttachWhole(new AttachRequest(loaded.Backbone, request.Transfer, request.Device, Samples(request)) { Evidence = evidence });
            attached.Attachments.CheckAgainst(loaded.Backbone.Description);
            var network = new TransferNetwork(loaded.Backbone, attached, TaskHead.Create(request, loaded), request);

            GoOnFrom(request.Previous, network.TrainedState().Select(static entry => (entry.Key, entry.Value)));

            // They outlive this scope, and are disposed with the network.
            foreach (var tensor in network.All().Concat(attached.Constants.Values))
            {
                tensor.DetachFromDisposeScope();
            }

            return network;
        }
        catch
        {
            attached?.Dispose();
            loaded.Backbone.Dispose();
            throw;
        }
    }

    // A decoder sees images where texts have places for them, and would pass over all others without a word.
    private static void CheckIsShown(TaskFacts task, string backbone, BackboneDescription description)
    {
        if (description.EncoderNorms.Count > 0 && task.Images > 0 && task.Kind != TaskKind.Continuation)
        {
            throw new DasSearchException($"{backbone} is shown images within texts, and {task.Name} has them beside: scienceqa-likelihood is for {backbone}, and {task.Name} for another backbone");
        }
    }

    /// <summary>What a task shows a backbone.</summary>
    public static InputShape ShapeOf(TaskFacts task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new InputShape(task.Vocabulary, task.TextLength, task.ImageSide, task.ImageSide, task.Images);
    }

    /// <summary>Puts what the method adds to kept modules into the backbone's own weights; from then on the network is only run.</summary>
    /// <exception cref="InvalidOperationException">That cannot be done exactly.</exception>
    public void Merge() => _attachments = _attached.Merge(_backbone);

    /// <summary>What the network costs whichever modules are skipped.</summary>
    public NetworkCosts Costs() => Costs(_request.Transfer);

    /// <summary>The same if the method were to add something else.</summary>
    /// <exception cref="DasSearchException">That does not fit the backbone.</exception>
    public NetworkCosts Costs(TransferSettings settings) => _request.Method.NetworkCosts(
        Backbone, settings, _head.Parameters().Sum(static entry => entry.Parameter.numel()));

    /// <summary>Parameters that are there.</summary>
    public long CountParameters() => All().Sum(static parameter => parameter.numel());

    /// <summary>What the network was trained to, and what its method has chosen, by name; the tensors are the network's own.</summary>
    public IReadOnlyDictionary<string, Tensor> TrainedState() =>
        Trained.Select(static parameter => KeyValuePair.Create(parameter.Name, (Tensor)parameter.Parameter))
            .Concat(_kept.Select(static entry => KeyValuePair.Create(entry.Key, (Tensor)entry.Value))).Concat(_attached.Constants)
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Puts trained weights in place, each of them and no others.</summary>
    /// <param name="state">The weights by name.</param>
    /// <param name="source">What messages call their origin.</param>
    /// <exception cref="DasSearchException">A weight is missing, is too many, has another shape, or is no finite number.</exception>
    public void LoadTrained(IReadOnlyDictionary<string, Tensor> state, string source)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var unrecorded = no_grad();
        var own = TrainedState();
        foreach (var (name, tensor) in own)
        {
            var saved = state.GetValueOrDefault(name)
                ?? throw new DasSearchException($"{source} lacks {name}: it belongs to another plan or method");
            if (!saved.shape.SequenceEqual(tensor.shape))
            {
                throw new DasSearchException(
                    $"{source} has {name} of shape [{string.Join(", ", saved.shape)}], expected [{string.Join(", ", tensor.shape)}]");
            }

            if (saved.is_floating_point() != tensor.is_floating_point())
            {
                throw new DasSearchException($"{source} has {name} as {saved.dtype}, expected {tensor.dtype}");
            }
        }

        if (state.Keys.FirstOrDefault(name => !own.ContainsKey(name)) is { } unknown)
        {
            throw new DasSearchException($"{source} has {unknown}, which the network does not train");
        }

        foreach (var (name, parameter) in Trained.Select(static parameter => KeyValuePair.Create(parameter.Name, parameter.Parameter)).Concat(_kept))
        {
            CheckpointFile.CopyWeights(source, name, state[name], parameter);
        }

        foreach (var (name, constant) in _attached.Constants)
        {
            constant.copy_(state[name]);
        }
    }

    /// <summary>Puts the network into training or evaluation mode.</summary>
    public void Train(bool training)
    {
        _backbone.Network.train(training);
        _attached.Module?.train(training);
        _head.Train(training);
    }

    /// <summary>Scores of answers, classes or candidates: [batch, choices].</summary>
    public Tensor Logits(Batch batch, Subnetwork skipped)
    {
        using var scope = NewDisposeScope();
        var without = Without(skipped);
        var features = _head.Inputs(batch).Select(input => _backbone.Run(input, without, _attachments, _head.Wanted)).ToList();
        return _head.Logits(features, batch).MoveToOuterDisposeScope();
    }

    /// <summary>Texts and images, of whatever number each, in the space that they share: see <see cref="BackboneDescription.HasSharedSpace"/>.</summary>
    internal SharedSpace Shared(BackboneInput input, Subnetwork skipped)
    {
        using var scope = NewDisposeScope();
        return _backbone.Run(input, Without(skipped), _attachments).Shared!.Map(static tensor => tensor.MoveToOuterDisposeScope());
    }

    /// <summary>Shows what the logits of a batch are made from: the backbone, each pass that the head needs, and what is attached.</summary>
    internal void Look(Batch batch, Action<IBackbone, BackboneInput, Attachments> look)
    {
        using var scope = NewDisposeScope();
        foreach (var input in _head.Inputs(batch))
        {
            look(_backbone, input, _attached.Attachments);
        }
    }

    /// <summary>The same, and what every module gave on the way.</summary>
    internal TracedLogits Trace(Batch batch, Subnetwork skipped)
    {
        using var scope = NewDisposeScope();
        var without = Without(skipped);
        var passes = _head.Inputs(batch).Select(input => _backbone.Trace(input, without, _attachments, _head.Wanted)).ToList();
        var logits = _head.Logits([.. passes.Select(static pass => pass.Features)], batch).MoveToOuterDisposeScope();
        return new TracedLogits(logits, [.. passes.Select(static pass => pass.Modules.Select(static module =>
            new ModuleOutput(module.Stream.MoveToOuterDisposeScope(), module.Mask.MoveToOuterDisposeScope())).ToList())]);
    }

    /// <summary>What later subnetworks of a batch go on from; the caller disposes it.</summary>
    internal PrefixCache Prefixes(Batch batch)
    {
        using var scope = NewDisposeScope();
        return new PrefixCache(_backbone, _attachments, _head.Inputs(batch), _keepsEmbeddings);
    }

    /// <summary>The logits, from where the batch's last subnetwork began to differ.</summary>
    internal Tensor Logits(Batch batch, Subnetwork skipped, PrefixCache prefixes)
    {
        using var scope = NewDisposeScope();
        return _head.Logits(prefixes.Features(Without(skipped), _head.Wanted), batch).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of the task's losses, of each sample: [batch]; their mean is <see cref="Loss"/>.</summary>
    internal Tensor SampleLosses(Tensor logits, Batch batch) => _head.SampleLosses(logits, batch);

    /// <summary>The sum of the task's losses: a scalar.</summary>
    public Tensor Loss(Tensor logits, Batch batch) => _head.Loss(logits, batch);

    /// <summary>The same as it is learnt from: with smoothed labels.</summary>
    /// <param name="smoothing">ε, above 0 only where the task is one of classes.</param>
    internal Tensor TrainingLoss(Tensor logits, Batch batch, double smoothing) => smoothing > 0 ? TaskHead.SmoothedLoss(logits, batch, smoothing) : Loss(logits, batch);

    /// <summary>How many samples are correct; a sample may be partly so.</summary>
    public double Correct(Tensor logits, Batch batch) => Right(logits, batch).sum().item<float>();

    /// <summary>How right each sample is, in [0, 1]: [batch].</summary>
    internal Tensor Right(Tensor logits, Batch batch) => _head.Right(logits, batch);

    /// <inheritdoc/>
    public void Dispose()
    {
        _head.Dispose();
        _attached.Dispose();
        _backbone.Dispose();
    }

    private static void GoOnFrom(TransferNetwork? previous, IEnumerable<(string Name, Tensor Tensor)> own)
    {
        if (previous is null)
        {
            return;
        }

        using var unrecorded = no_grad();
        var trained = previous.TrainedState();
        foreach (var (name, tensor) in own)
        {
            if (trained.TryGetValue(name, out var from))
            {
                tensor.copy_(from);
            }
        }
    }

    private static IEnumerable<BackboneInput> Samples(NetworkRequest request)
    {
        for (var i = 0; i < request.Task.Facts.BatchesOf(Split.Train, SampleBatch); i++)
        {
            using var batch = request.Task.Batch(Split.Train, epoch: 0, i, SampleBatch).MoveTo(request.Device);
            yield return new BackboneInput(batch.Texts.Ids, batch.Texts.Mask, batch.Images.Count > 0 ? batch.Images[0] : null, batch.PixelMasks?[0]);
        }
    }

    private Subnetwork Without(Subnetwork skipped) =>
        _request.Compat == Compatibility.Official ? OfficialGates.Skipped(skipped, Backbone.Modules) : skipped;

    private LearningRateGroup GroupOf(string parameter) => Backbone.IsCrossModal(parameter) ? LearningRateGroup.CrossModal : LearningRateGroup.Body;

    private IEnumerable<Tensor> All() => _backbone.Network.parameters()
        .Concat(_attached.Parameters.Values)
        .Concat(_head.Parameters().Select(static entry => entry.Parameter));
}

/// <summary>Scores, and what every module gave on the way to them.</summary>
/// <param name="Logits">[batch, choices].</param>
/// <param name="Passes">For each pass that the head needs, what each module gave, in order.</param>
internal sealed record TracedLogits(Tensor Logits, IReadOnlyList<IReadOnlyList<ModuleOutput>> Passes);

/// <summary>A parameter that is trained.</summary>
/// <param name="Name">Its name in official checkpoints.</param>
/// <param name="Parameter">The network's own tensor.</param>
/// <param name="Group">How fast it learns.</param>
public sealed record TrainedParameter(string Name, Parameter Parameter, LearningRateGroup Group)
{
    private static readonly string[] _notDecayed =
        ["bias", "LayerNorm.weight", "norm.weight", "norm1.weight", "norm2.weight"];

    /// <summary>
    /// Whether weight decay applies: not to biases and norms, by the official code's names, which leave in the norms of
    /// adapters and of classifiers.
    /// </summary>
    public bool IsDecayed => !Array.Exists(_notDecayed, part => Name.Contains(part, StringComparison.Ordinal));
}

/// <summary>How fast a parameter learns.</summary>
public enum LearningRateGroup
{
    /// <summary>At the learning rate.</summary>
    Body,

    /// <summary>At a multiple of it, as classifiers do.</summary>
    Head,

    /// <summary>At a multiple of it, as what is between the streams of a METER does.</summary>
    CrossModal,
}
