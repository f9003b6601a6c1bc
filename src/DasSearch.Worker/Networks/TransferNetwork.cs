using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Models.Adapters;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using DasSearch.Worker.Heads;
using static TorchSharp.torch;

namespace DasSearch.Worker.Networks;

/// <summary>A backbone for a task: frozen but for what a transfer method trains, with its attachments and its head.</summary>
/// <remarks>A supernet has the adapters of every subnetwork; a planned network has only its own, and no skipped module.</remarks>
public sealed class TransferNetwork : IDisposable
{
    private readonly IBackbone _backbone;
    private readonly Attached _attached;
    private readonly TaskHead _head;

    private TransferNetwork(IBackbone backbone, Attached attached, TaskHead head, ITransferMethod method)
    {
        (_backbone, _attached, _head) = (backbone, attached, head);
        var trained = new List<TrainedParameter>();
        foreach (var (name, parameter) in backbone.Network.named_parameters())
        {
            parameter.requires_grad = method.Trains(backbone, name);
            if (parameter.requires_grad)
            {
                trained.Add(new TrainedParameter(name, parameter, IsMultiplied: false));
            }
        }

        trained.AddRange(attached.Parameters.Select(entry => new TrainedParameter(entry.Key, entry.Value, IsMultiplied: false)));
        trained.AddRange(head.Parameters().Select(entry => new TrainedParameter(entry.Name, entry.Parameter, head.IsMultiplied)));
        Trained = [.. trained.OrderBy(static parameter => parameter.Name, StringComparer.Ordinal)];
    }

    /// <summary>The backbone in numbers.</summary>
    public BackboneDescription Backbone => _backbone.Description;

    /// <summary>What is trained, by name.</summary>
    public IReadOnlyList<TrainedParameter> Trained { get; }

    /// <summary>Builds a network; the same request with the same state of libtorch's generator gives the same weights.</summary>
    /// <exception cref="DasSearchException">The checkpoint cannot be read, or something does not fit something else.</exception>
    public static TransferNetwork Build(NetworkRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var scope = NewDisposeScope();
        manual_seed(request.Seed);
        var loaded = BackboneTable.Named(request.Backbone).Load(
            new BackboneRequest(
                Shape(request.Task), request.Sizes, request.Checkpoint, request.Granularity, request.Absent, request.Device));
        Attached? attached = null;
        try
        {
            attached = request.Method.Attach(loaded.Backbone.Description, request.Placements(loaded.Backbone.Description), request.Device);
            var network = new TransferNetwork(
                loaded.Backbone, attached, TaskHeads.Create(request.Task, loaded, request.Device), request.Method);

            // They outlive this scope, and are disposed with the network.
            foreach (var parameter in network.All())
            {
                parameter.DetachFromDisposeScope();
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

    /// <summary>The adapters of DAS; null where another method attached something else.</summary>
    internal DasAdapters? Adapters => _attached.Module as DasAdapters;

    /// <summary>What the network costs whichever modules are skipped, given a supernet's adapters.</summary>
    /// <param name="supernet">The adapters of every module, in its place and within it.</param>
    public NetworkCosts Costs(IReadOnlyList<AdapterPlacement> supernet)
    {
        var head = _head.Parameters().Sum(static entry => entry.Parameter.numel());
        return new NetworkCosts(
            DasAdapters.Costs(supernet, Backbone),
            Backbone.OutsideParameters + head,
            Backbone.OutsideTransferred + head,
            Backbone.OutsideMultiplyAccumulates);
    }

    /// <summary>Parameters that are there.</summary>
    public long CountParameters() => All().Sum(static parameter => parameter.numel());

    /// <summary>What the network was trained to, by name; the tensors are the network's own.</summary>
    public IReadOnlyDictionary<string, Tensor> TrainedState() =>
        Trained.ToDictionary(static parameter => parameter.Name, static parameter => (Tensor)parameter.Parameter, StringComparer.Ordinal);

    /// <summary>Puts trained weights in place, each of them and no others.</summary>
    /// <param name="state">The weights by name.</param>
    /// <param name="source">What messages call their origin.</param>
    /// <exception cref="DasSearchException">A weight is missing, is too many, or has another shape.</exception>
    public void LoadTrained(IReadOnlyDictionary<string, Tensor> state, string source)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var unrecorded = no_grad();
        foreach (var parameter in Trained)
        {
            var saved = state.GetValueOrDefault(parameter.Name)
                ?? throw new DasSearchException($"{source} lacks {parameter.Name}: it belongs to another plan or method");
            if (!saved.shape.SequenceEqual(parameter.Parameter.shape))
            {
                throw new DasSearchException(
                    $"{source} has {parameter.Name} of shape [{string.Join(", ", saved.shape)}], expected [{string.Join(", ", parameter.Parameter.shape)}]");
            }
        }

        if (state.Count > Trained.Count)
        {
            var known = Trained.Select(static parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
            throw new DasSearchException($"{source} has {state.Keys.First(name => !known.Contains(name))}, which the network does not train");
        }

        foreach (var parameter in Trained)
        {
            parameter.Parameter.copy_(state[parameter.Name]);
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
        return _head.Logits(batch, input => Summarise(input, skipped)).MoveToOuterDisposeScope();
    }

    /// <summary>The same, from where the batch's last subnetwork began to differ: see <see cref="PrefixCache"/>.</summary>
    internal Tensor Logits(Batch batch, Subnetwork skipped, PrefixCache prefixes)
    {
        using var scope = NewDisposeScope();
        prefixes.Begin();
        return _head.Logits(batch, input => prefixes.Summarise(_backbone, input, skipped, _attached.Attachments)).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of the task's losses, of each sample: [batch]; their mean is <see cref="Loss"/>.</summary>
    internal Tensor SampleLosses(Tensor logits, Batch batch) => _head.SampleLosses(logits, batch);

    /// <summary>The sum of the task's losses: a scalar.</summary>
    public Tensor Loss(Tensor logits, Batch batch) => _head.Loss(logits, batch);

    /// <summary>How many samples are right; a sample may be partly so.</summary>
    public double Right(Tensor logits, Batch batch) => _head.Right(logits, batch);

    /// <summary>How well each text fits its image, for networks that rank: [batch].</summary>
    internal Tensor Scores(VisionLanguageInput input, Subnetwork skipped)
    {
        using var scope = NewDisposeScope();
        return ((RankingHead)_head).Scores(input, one => Summarise(one, skipped)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _head.Dispose();
        _attached.Dispose();
        _backbone.Dispose();
    }

    private static InputShape Shape(TaskFacts task) => new(task.Vocabulary, task.TextLength, task.ImageSide, task.ImageSide, task.Images);

    private Tensor Summarise(VisionLanguageInput input, Subnetwork skipped) =>
        _backbone.Conclude(_backbone.Embed(input), 0, skipped, _attached.Attachments);

    private IEnumerable<Tensor> All() => _backbone.Network.parameters()
        .Concat(_attached.Parameters.Values)
        .Concat(_head.Parameters().Select(static entry => entry.Parameter));
}
