using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Truth;

/// <summary>Scores every subnetwork that skips so many modules on a whole split, as tabular benchmarks of architecture search have it.</summary>
/// <remarks>
/// Batch by batch, each in <see cref="BatchParts"/>, in evaluation mode and without gradients; what subnetworks begin with is computed
/// once a part.
/// </remarks>
/// <param name="network">The supernet, its adapters trained; in training mode afterwards.</param>
/// <param name="task">The task.</param>
/// <param name="device">Where the network lives.</param>
/// <param name="state">Where an interrupted measurement goes on from; null: from the beginning.</param>
public sealed class TruthMeter(TransferNetwork network, IVisionLanguageTask task, Device device, TruthState? state = null)
{
    /// <summary>How many modules were run, all batches together but those of an interrupted measurement.</summary>
    public long ModulesRun { get; private set; }

    /// <summary>How many separate passes would have run.</summary>
    public long ModulesOfSeparatePasses { get; private set; }

    /// <summary>Measures all of them.</summary>
    /// <param name="skip">How many modules are skipped.</param>
    /// <param name="split">The samples.</param>
    /// <param name="batchSize">Samples of a batch; results depend on it by rounding only.</param>
    /// <param name="progress">Told after each batch how many are done, of how many; those of an interrupted measurement are.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Each subnetwork, in their canonical order.</returns>
    /// <exception cref="DasSearchException">The state cannot be read or written, or is another measurement's.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public IReadOnlyList<SubnetworkTruth> Measure(int skip, Split split, int batchSize, Action<int, int> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var modules = network.Backbone.Modules.Count;
        var subnetworks = PrefixCache.Order(Combinations.All(modules, skip), set => set).ToList();
        var samples = task.Facts.SizeOf(split);
        var (losses, right) = (subnetworks.ConvertAll(_ => new float[samples]), new double[subnetworks.Count]);
        var (batches, before) = (task.Facts.BatchesOf(split, batchSize), state?.Restore(losses, right) ?? 0);
        using var unrecorded = no_grad();
        network.Train(false);
        using var ahead = new Prefetcher<Batch>(batches - before, i => task.Batch(split, epoch: 0, before + (int)i, batchSize));
        for (var done = before + 1; ahead.Next(cancellation) is { } next; done++)
        {
            using var batch = next.MoveTo(device);
            foreach (var whole in BatchParts.Of(batch, network.Backbone))
            {
                using var part = whole;
                using var prefixes = new PrefixCache();
                for (var i = 0; i < subnetworks.Count; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    var logits = network.Logits(part, subnetworks[i], prefixes);
                    foreach (var (sample, loss) in part.Samples.Zip(network.SampleLosses(logits, part).cpu().data<float>().ToArray()))
                    {
                        losses[i][sample] = loss;
                    }

                    right[i] += network.Right(logits, part);
                }

                ModulesRun += prefixes.ModulesRun;
                ModulesOfSeparatePasses += (long)subnetworks.Count * modules * task.Facts.Images;
            }

            state?.Save(done, losses, right);
            progress(done, batches);
        }

        network.Train(true);
        return [.. subnetworks.Select((set, i) => new SubnetworkTruth(set, right[i], losses[i])).OrderBy(truth => truth.Subnetwork)];
    }
}
