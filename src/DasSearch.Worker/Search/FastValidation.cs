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
/// All candidates of a round see the same batch, and what several of them begin with is computed once. The batch is the same in
/// every round (<see cref="BatchPolicy.Fixed"/>, as the authors' code has it in effect; what is frozen of its embeddings is then
/// computed once a search) or the next one (<see cref="BatchPolicy.Fresh"/>). In evaluation mode it goes through in
/// <see cref="BatchParts"/>.
/// </remarks>
internal sealed class FastValidation(TransferNetwork network, IVisionLanguageTask task, RunConfig config) : IDisposable
{
    private const Split Scored = Split.Validation;

    private readonly ValidationMode _mode = config.Validation.Mode ?? ValidationMode.Eval;
    private readonly int _size = config.Validation.BatchSize ?? config.Search.BatchSize;
    private IReadOnlyList<Part> _parts = [];
    private int _index = -1;

    /// <summary>Scores a round's candidates, in their order; a failure is an outcome, too.</summary>
    internal IReadOnlyList<Evaluation> Score(IReadOnlyList<Subnetwork> candidates, int round)
    {
        var index = config.Validation.Batch == BatchPolicy.Fixed ? 0 : round % task.Facts.BatchesOf(Scored, _size);
        Load(index);
        using var unrecorded = no_grad();
        network.Train(_mode == ValidationMode.Train);
        var tallies = candidates.Select(candidate => new Tally(candidate)).ToList();
        foreach (var part in _parts)
        {
            foreach (var i in PrefixCache.Order(Enumerable.Range(0, candidates.Count), i => candidates[i]))
            {
                Score(tallies[i], part, Seed(round, i));
            }

            part.Prefixes.Forget();
        }

        network.Train(true);
        return [.. tallies.Select(tally => tally.Result(_mode, $"validation:{index}"))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }
    }

    private void Score(Tally tally, Part part, long seed)
    {
        if (tally.Problem is not null)
        {
            return;
        }

        tally.Clock.Start();
        try
        {
            using var scope = NewDisposeScope();
            manual_seed(seed); // dropout's, in training mode
            var logits = _mode == ValidationMode.Eval
                ? network.Logits(part.Batch, tally.Candidate, part.Prefixes)
                : network.Logits(part.Batch, tally.Candidate); // dropout is never the same twice
            tally.Add(network.SampleLosses(logits, part.Batch).cpu().data<float>().ToArray());
        }
        catch (ExternalException failure)
        {
            // Such as memory that has run out: one subnetwork's, and not the search's end.
            tally.Problem = failure.Message.Split('\n')[0];
        }

        tally.Clock.Stop();
    }

    // Dropout would draw other numbers for other parts: in training mode the batch stays whole.
    private void Load(int index)
    {
        if (_index == index)
        {
            return;
        }

        Dispose();
        var batch = task.Batch(Scored, epoch: 0, index, _size).MoveTo(network.Device);
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

        _index = index;
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

    /// <summary>A candidate's losses as the parts go through.</summary>
    private sealed class Tally(Subnetwork candidate)
    {
        private double _sum;
        private int _samples;

        internal Subnetwork Candidate => candidate;

        internal Stopwatch Clock { get; } = new();

        /// <summary>What went wrong; null for nothing.</summary>
        internal string? Problem { get; set; }

        internal void Add(float[] losses)
        {
            _sum += losses.Sum(static loss => (double)loss);
            _samples += losses.Length;
        }

        internal Evaluation Result(ValidationMode mode, string batch) => Problem is null
            ? Evaluation.OfLoss(candidate, _sum / _samples, Clock.Elapsed.TotalMilliseconds, mode, batch)
            : Evaluation.Unscored(candidate, EvaluationOutcome.Failed, Clock.Elapsed.TotalMilliseconds, mode, batch, Problem);
    }
}
