using System.Diagnostics;
using System.Runtime.InteropServices;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Search;

/// <summary>Scores subnetworks on one batch, of the validation split unless settings say otherwise, without gradients: reward exp(−loss), as in DAS.</summary>
/// <remarks>
/// All candidates of a round see the same batch, and what several of them begin with is computed once. The batch is the same in
/// every round (<see cref="BatchPolicy.Fixed"/>, as the authors' code has it in effect; what is frozen of its embeddings is then
/// computed once a search), the next one (<see cref="BatchPolicy.Fresh"/>) or the one that is trained on (<see cref="BatchPolicy.Training"/>). In evaluation mode it goes through in
/// <see cref="BatchParts"/>.
/// </remarks>
internal sealed class FastValidation(TransferNetwork network, IVisionLanguageTask task, RunConfig config, TwoThreads threads) : IDisposable
{
    private const Split Scored = Split.Validation;

    private readonly ValidationMode _mode = config.Validation.Mode ?? ValidationMode.Eval;
    private readonly int _size = config.Validation.BatchSize ?? config.Search.BatchSize;
    private IReadOnlyList<Part> _parts = [];
    private string? _loaded;

    /// <summary>Scores a round's candidates, in their order; a failure is an outcome, too.</summary>
    /// <param name="training">The training batch that the round comes before.</param>
    internal IReadOnlyList<Evaluation> Score(IReadOnlyList<Subnetwork> candidates, int round, TrainingBatch training = default)
    {
        var name = Load(round, training);
        network.Train(_mode == ValidationMode.Train);
        var order = PrefixCache.Order(Enumerable.Range(0, candidates.Count), i => candidates[i]).ToList();
        var scores = _parts.Select(_ => new PartScore[candidates.Count]).ToList();
        threads.Run(half =>
        {
            using var unrecorded = no_grad();
            for (var part = half; part < _parts.Count; part += threads.Count)
            {
                foreach (var i in order)
                {
                    scores[part][i] = Score(candidates[i], _parts[part], Seed(round, i));
                }

                _parts[part].Prefixes.Forget();
            }
        });
        network.Train(true);
        return [.. candidates.Select((candidate, i) => Total(candidate, [.. scores.Select(part => part[i])], name))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }
    }

    private PartScore Score(Subnetwork candidate, Part part, long seed)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var losses = LostScalar.Retry(Losses);
            return new PartScore(losses.Sum(static loss => (double)loss), losses.Length, clock.Elapsed.TotalMilliseconds, null);
        }
        catch (ExternalException failure)
        {
            // Such as memory that has run out: one subnetwork's, and not the search's end.
            return new PartScore(0, 0, clock.Elapsed.TotalMilliseconds, failure.Message.Split('\n')[0]);
        }

        float[] Losses()
        {
            using var scope = NewDisposeScope();
            using var dropout = new DropoutSource(seed, network.Device); // in training mode
            var logits = _mode == ValidationMode.Eval
                ? network.Logits(part.Batch, candidate, part.Prefixes)
                : network.Logits(part.Batch, candidate); // dropout is never the same twice
            return network.SampleLosses(logits, part.Batch).cpu().data<float>().ToArray();
        }
    }

    private Evaluation Total(Subnetwork candidate, IReadOnlyList<PartScore> parts, string batch)
    {
        // Halves of the parts went through at the same time.
        var milliseconds = parts.Sum(static part => part.Milliseconds) / Math.Min(threads.Count, parts.Count);
        return parts.FirstOrDefault(static part => part.Problem is not null).Problem is { } problem
            ? Evaluation.Unscored(candidate, EvaluationOutcome.Failed, milliseconds, _mode, batch, problem)
            : Evaluation.OfLoss(candidate, parts.Sum(static part => part.Loss) / parts.Sum(static part => part.Samples), milliseconds, _mode, batch);
    }

    // Dropout would draw other numbers for other parts: in training mode the batch stays whole.
    private string Load(int round, TrainingBatch training = default)
    {
        var index = config.Validation.Batch == BatchPolicy.Fixed ? 0 : round % task.Facts.BatchesOf(Scored, _size);
        var isTraining = config.Validation.Batch == BatchPolicy.Training;
        var name = isTraining ? $"train:{training.Number}" : $"validation:{index}";
        if (_loaded == name)
        {
            return name;
        }

        Dispose();
        var batch = (isTraining ? task.Batch(Split.Train, training.Epoch, training.Index, config.Search.BatchSize) : task.Batch(Scored, epoch: 0, index, _size))
            .MoveTo(network.Device);
        if (_mode == ValidationMode.Train)
        {
            _parts = [new Part(batch, network.Prefixes(batch))];
        }
        else
        {
            using (batch)
            {
                _parts = [.. BatchParts.Of(batch, network.Backbone).Select(part => new Part(part, network.Prefixes(part)))];
            }
        }

        return _loaded = name;
    }

    private long Seed(int round, int candidate) =>
        SeededRandom.Derive(config.Seed, "search/validation", ((long)round << 16) + candidate).NextInt64();

    /// <summary>A part of the batch, and what is kept of it.</summary>
    private sealed record Part(Batch Batch, PrefixCache Prefixes) : IDisposable
    {
        public void Dispose()
        {
            Prefixes.Dispose();
            Batch.Dispose();
        }
    }

    /// <summary>What a candidate has to show for one part: the sum of its losses, or what went wrong.</summary>
    private readonly record struct PartScore(double Loss, int Samples, double Milliseconds, string? Problem);
}

/// <summary>A batch of the search.</summary>
/// <param name="Number">Its number in the whole search.</param>
/// <param name="Index">Its place within the epoch.</param>
internal readonly record struct TrainingBatch(long Number, int Epoch, int Index);
