using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Worker.Distillation;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;

namespace DasSearch.Worker.Training;

/// <summary>Trains a plan's network, and before it, where its method has a first stage, that one's.</summary>
/// <remarks>
/// Each stage has an optimizer, a schedule and a state of its own. The second network starts from what both train, and its method looks at
/// the first one as it was trained. Once there is a state of the second stage, the first is not needed again.
/// </remarks>
public sealed class StagedTraining : IDisposable
{
    /// <summary>What names of metrics of the first stage begin with.</summary>
    public const string FirstPrefix = "first.";

    private readonly RunConfig _config;
    private readonly NetworkRequest _request;
    private readonly long _seed;
    private readonly Teacher? _teacher;
    private readonly TrainingState _first;
    private readonly TrainingState _state;

    /// <param name="config">The settings of the search and of the training, resolved.</param>
    /// <param name="request">The planned network.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="teacher">What both stages learn from besides; null for nothing.</param>
    /// <param name="first">What an interrupted first stage goes on from.</param>
    /// <param name="state">What an interrupted training goes on from.</param>
    /// <exception cref="DasSearchException">Something does not fit something else, or a state is damaged.</exception>
    public StagedTraining(RunConfig config, NetworkRequest request, long seed, Teacher? teacher, TrainingState first, TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(state);
        (_config, _request, _seed, _teacher, _first, _state) = (config, request, seed, teacher, first, state);
        Network = TransferNetwork.Build(request with { IsRestored = request.FirstStage is not null || state.Done > 0 });
    }

    /// <summary>The planned network; another one of the same parts once its first stage is over.</summary>
    public TransferNetwork Network { get; private set; }

    /// <summary>Trains to the end.</summary>
    /// <returns>The curve: losses of batches, and validation figures of epochs, those of the first stage under names of their own.</returns>
    /// <exception cref="DasSearchException">The loss is no longer a number, or a state cannot be saved.</exception>
    /// <exception cref="OperationCanceledException">The training was ended; the same call goes on with it.</exception>
    public IReadOnlyList<Metric> Run(ITrainingProgress progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (_request.FirstStage is not { } stage)
        {
            return Train(_config, Network, [], _state, progress, cancellation);
        }

        var second = $"second of two stages: {_request.Method.Name}";
        if (_state.Done > 0)
        {
            progress.Began(second);
            return Train(_config, Network, [], _state, progress, cancellation);
        }

        progress.Began($"first of two stages: {stage.Method.Name}");
        using var before = TransferNetwork.Build(stage);
        var epochs = _request.Method.Before(_request.Transfer)!.Epochs ?? _config.Training.Epochs;
        var earlier = Train(_config with { Training = _config.Training with { Epochs = epochs } }, before, [], _first, progress, cancellation);
        progress.Began(second);
        var network = TransferNetwork.Build(_request with { Previous = before, Cancellation = cancellation });
        Network.Dispose();
        Network = network;
        return Train(_config, network, [.. earlier.Select(static metric => new Metric(FirstPrefix + metric.Name, metric.Step, metric.Value))], _state, progress, cancellation);
    }

    /// <summary>Nothing is left to be resumed.</summary>
    public void RemoveStates()
    {
        _first.Remove();
        _state.Remove();
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    private IReadOnlyList<Metric> Train(
        RunConfig config, TransferNetwork network, IReadOnlyList<Metric> earlier, TrainingState state, ITrainingProgress progress, CancellationToken cancellation)
    {
        var skipped = _request.Absent ?? Subnetwork.Whole(network.Backbone.Modules.Count);
        return new PlanTraining(config, network, skipped, _request.Task, _seed, _teacher) { Earlier = earlier }.Run(state, progress, cancellation);
    }
}
