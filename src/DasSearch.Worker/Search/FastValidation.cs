using System.Diagnostics;
using System.Runtime.InteropServices;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Search;

/// <summary>Scores subnetworks on one batch of the validation split without gradients: reward exp(−loss), as in DAS.</summary>
/// <remarks>
/// All candidates of a round see the same batch, and what several of them begin with is computed once. The batch is the same in every round (<see cref="BatchPolicy.Fixed"/>, as the
/// authors' code has it in effect) or the next one (<see cref="BatchPolicy.Fresh"/>).
/// </remarks>
internal sealed class FastValidation(TransferNetwork network, IVisionLanguageTask task, RunConfig config, Device device) : IDisposable
{
    private const Split Scored = Split.Validation;

    private readonly ValidationMode _mode = config.Validation.Mode ?? ValidationMode.Eval;
    private readonly int _size = config.Validation.BatchSize ?? config.Search.BatchSize;
    private Batch? _batch;
    private int _index = -1;

    /// <summary>Scores a round's candidates, in their order; a failure is an outcome, too.</summary>
    internal IReadOnlyList<Evaluation> Score(IReadOnlyList<Subnetwork> candidates, int round)
    {
        var index = config.Validation.Batch == BatchPolicy.Fixed ? 0 : round % task.Facts.BatchesOf(Scored, _size);
        var batch = Load(index);
        using var unrecorded = no_grad();
        network.Train(_mode == ValidationMode.Train);
        using var prefixes = _mode == ValidationMode.Eval ? new PrefixCache() : null; // dropout is never the same twice
        var evaluations = new Evaluation[candidates.Count];
        foreach (var i in PrefixCache.Order(Enumerable.Range(0, candidates.Count), i => candidates[i]))
        {
            evaluations[i] = Score(candidates[i], batch, prefixes, $"validation:{index}", Seed(round, i));
        }

        network.Train(true);
        return evaluations;
    }

    /// <inheritdoc/>
    public void Dispose() => _batch?.Dispose();

    private Evaluation Score(Subnetwork candidate, Batch batch, PrefixCache? prefixes, string name, long seed)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var scope = NewDisposeScope();
            manual_seed(seed); // dropout's, in training mode
            var logits = prefixes is null ? network.Logits(batch, candidate) : network.Logits(batch, candidate, prefixes);
            var loss = network.Loss(logits, batch).item<float>();
            return Evaluation.OfLoss(candidate, loss, clock.Elapsed.TotalMilliseconds, _mode, name);
        }
        catch (ExternalException failure)
        {
            // Such as memory that has run out: one subnetwork's, and not the search's end.
            return Evaluation.Unscored(
                candidate, EvaluationOutcome.Failed, clock.Elapsed.TotalMilliseconds, _mode, name, failure.Message.Split('\n')[0]);
        }
    }

    private Batch Load(int index)
    {
        if (_batch is null || _index != index)
        {
            _batch?.Dispose();
            _batch = task.Batch(Scored, epoch: 0, index, _size).MoveTo(device);
            _index = index;
        }

        return _batch;
    }

    private long Seed(int round, int candidate) =>
        SeededRandom.Derive(config.Seed, "search/validation", ((long)round << 16) + candidate).NextInt64();
}
