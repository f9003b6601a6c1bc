using System.Globalization;
using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Data;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Exhaustive;

/// <summary>The first samples of a split, in batches.</summary>
/// <param name="Task">The task.</param>
/// <param name="Split">The split.</param>
/// <param name="Samples">How many, at least 1 and at most all.</param>
/// <param name="Size">Samples of a batch; the last one has what is left.</param>
public sealed record SampleBatches(IVisionLanguageTask Task, Split Split, int Samples, int Size)
{
    /// <summary>How many batches there are.</summary>
    public int Count => (Samples + Size - 1) / Size;

    /// <summary>One of them; the caller disposes it.</summary>
    public Batch Batch(int index)
    {
        var (batch, left) = (Task.Batch(Split, epoch: 0, index, Size), Samples - (index * Size));
        if (left >= batch.Size)
        {
            return batch;
        }

        using (batch)
        {
            return batch.Part([.. Enumerable.Range(0, left)]);
        }
    }
}

/// <summary>Scores every subnetwork that skips so many modules on a whole split, as tabular benchmarks of architecture search have it.</summary>
/// <remarks>
/// Batch by batch, each in <see cref="BatchParts"/>, in evaluation mode and without gradients; what subnetworks begin with is computed
/// once a part.
/// </remarks>
/// <param name="network">The supernet, its adapters trained; in training mode afterwards.</param>
/// <param name="task">The task.</param>
/// <param name="device">Where the network lives.</param>
/// <param name="state">Where an interrupted measurement goes on from; null: from the beginning.</param>
public sealed class ExhaustiveMeter(TransferNetwork network, IVisionLanguageTask task, Device device, ExhaustiveState? state = null)
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
    public IReadOnlyList<ExhaustiveScore> Measure(int skip, Split split, int batchSize, Action<int, int> progress, CancellationToken cancellation) => Measure(
        [.. Combinations.All(network.Backbone.Modules.Count, skip)], new SampleBatches(task, split, task.Facts.SizeOf(split), batchSize), progress, cancellation);

    /// <summary>Measures some of them, each once.</summary>
    /// <param name="sets">The subnetworks.</param>
    /// <param name="samples">What they are scored on.</param>
    /// <param name="progress">As of the other.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Each subnetwork, in their canonical order.</returns>
    /// <exception cref="DasSearchException">The state cannot be read or written, or is another measurement's.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public IReadOnlyList<ExhaustiveScore> Measure(
        IReadOnlyCollection<Subnetwork> sets, SampleBatches samples, Action<int, int> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(progress);
        var modules = network.Backbone.Modules.Count;
        var subnetworks = PrefixCache.Order(sets, set => set).ToList();
        var (losses, right) = (subnetworks.ConvertAll(_ => new float[samples.Samples]), new double[subnetworks.Count]);
        var (batches, before) = (samples.Count, state?.Restore(losses, right) ?? 0);
        using var threads = new TwoThreads(device);
        network.Train(false);
        using var ahead = new Prefetcher<Batch>(batches - before, i => samples.Batch(before + (int)i));
        for (var done = before + 1; ahead.Next(cancellation) is { } next; done++)
        {
            using var batch = next.MoveTo(device);
            var parts = BatchParts.Of(batch, network.Backbone);
            var (corrects, runs) = (parts.Select(_ => new double[subnetworks.Count]).ToList(), new long[parts.Count]);
            threads.Run(half =>
            {
                using var unrecorded = no_grad();
                for (var number = half; number < parts.Count; number += threads.Count)
                {
                    using var part = parts[number];
                    using var prefixes = network.Prefixes(part);
                    for (var i = 0; i < subnetworks.Count; i++)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        LostScalar.Retry(() =>
                        {
                            using var scope = NewDisposeScope();
                            var logits = network.Logits(part, subnetworks[i], prefixes);
                            foreach (var (sample, loss) in part.Samples.Zip(network.SampleLosses(logits, part).cpu().data<float>().ToArray()))
                            {
                                losses[i][sample] = loss;
                            }

                            corrects[number][i] = network.Correct(logits, part);
                        });
                    }

                    runs[number] = prefixes.ModulesRun;
                }
            });
            for (var number = 0; number < parts.Count; number++)
            {
                for (var i = 0; i < subnetworks.Count; i++)
                {
                    right[i] += corrects[number][i];
                }

                ModulesRun += runs[number];
                ModulesOfSeparatePasses += (long)subnetworks.Count * modules * task.Facts.Passes;
            }

            state?.Save(done, losses, right);
            progress(done, batches);
        }

        network.Train(true);
        return [.. subnetworks.Select((set, i) => new ExhaustiveScore(set, right[i], losses[i])).OrderBy(truth => truth.Subnetwork)];
    }
}

/// <summary>A folder from which an interrupted measurement goes on: what was found on the batches that are done.</summary>
/// <param name="folder">The folder; need not be there.</param>
/// <param name="measured">What tells the network, the samples and the subnetworks from others.</param>
public sealed class ExhaustiveState(string folder, string measured)
{
    private const string Prefix = "batch-";
    private const string Found = "found.safetensors";
    private const string Losses = "losses"; // [subnetworks, samples], Float32
    private const string Right = "right"; // [subnetworks], Float64

    private readonly ResumeFolder _folder = new(folder, measured, "measurement", "the same command");
    private readonly SavePace _pace = new();

    /// <summary>All is stored: nothing is left to be resumed.</summary>
    public void Remove() => _folder.Remove();

    /// <summary>Saves what was found, if it is time to.</summary>
    internal void Save(int batches, IReadOnlyList<float[]> losses, double[] right)
    {
        if (_pace.IsDue)
        {
            _pace.Save(() => _folder.Save(Prefix + batches.ToString(CultureInfo.InvariantCulture), target =>
            {
                using var scope = NewDisposeScope();
                CheckpointFile.Write(Path.Combine(target, Found), new Dictionary<string, Tensor>(StringComparer.Ordinal)
                {
                    [Losses] = stack([.. losses.Select(static row => tensor(row))]),
                    [Right] = tensor(right),
                });
            }));
        }
    }

    /// <summary>Puts what was found back.</summary>
    /// <returns>Batches done; 0 where nothing was saved.</returns>
    /// <exception cref="DasSearchException">It belongs to another measurement, is damaged, or cannot be read.</exception>
    internal int Restore(IReadOnlyList<float[]> losses, double[] right) => _folder.Read(
        (name, state) =>
        {
            using var scope = NewDisposeScope();
            var saved = CheckpointFile.Read(Path.Combine(state, Found)).Tensors;
            saved[Right].data<double>().ToArray().CopyTo(right, 0);
            var all = saved[Losses].data<float>().ToArray();
            for (var i = 0; i < losses.Count; i++)
            {
                Array.Copy(all, i * losses[i].Length, losses[i], 0, losses[i].Length);
            }

            return int.Parse(name.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
        },
        none: 0);
}
