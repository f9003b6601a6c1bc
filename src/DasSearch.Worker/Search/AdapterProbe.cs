using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Models.Adapters;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Search;

/// <summary>Finds out which inner units of a searched supernet's adapters matter, so that a plan's can be sized by need.</summary>
/// <remarks>
/// Backward passes over training batches, without dropout and without learning. The subnetworks skip as many modules as the search
/// does and share out the modules evenly: in a pass over shuffled modules, each is skipped once. See
/// <see cref="AdapterEvidence"/> for what is measured.
/// </remarks>
/// <param name="config">The search's settings.</param>
/// <param name="network">The supernet, its adapters trained.</param>
/// <param name="task">The task.</param>
/// <param name="device">Where the network lives.</param>
public sealed class AdapterProbe(RunConfig config, TransferNetwork network, IVisionLanguageTask task, Device device)
{
    private const int FewestBatches = 32;
    private const int FewestPasses = 8; // so often is each module skipped at the least
    private const int MostSamples = 32; // of a batch: which units matter shows in few

    private readonly int _size = Math.Min(config.Search.BatchSize, MostSamples);

    /// <summary>Measures every adapter.</summary>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <returns>Each adapter, in the order of the supernet's placements; none where the method has others.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public IReadOnlyList<AdapterEvidence> Measure(CancellationToken cancellation)
    {
        if (network.Adapters is not { } adapters)
        {
            return [];
        }

        var placements = DasPlacement.OfSupernet(network.Backbone.Parts, config.Adapters);
        var (squares, uses) = (placements.Select(placement => new double[placement.Bottleneck]).ToList(), new int[placements.Count]);
        network.Train(false);
        var number = 0;
        foreach (var skipped in Subnetworks())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (adapter, effects) in Effects(skipped, adapters, number++))
            {
                uses[adapter]++;
                for (var unit = 0; unit < effects.Length; unit++)
                {
                    squares[adapter][unit] += (double)effects[unit] * effects[unit];
                }
            }
        }

        return adapters.Evidence([.. squares.Select((units, i) => units.Select(square => square / Math.Max(uses[i], 1)).ToList())]);
    }

    private IReadOnlyList<(int Adapter, float[] Effects)> Effects(Subnetwork skipped, DasAdapters adapters, int number)
    {
        using var scope = NewDisposeScope();
        using var batch = task.Batch(Split.Train, config.Search.Epochs + 1, number % task.Facts.BatchesOf(Split.Train, _size), _size).MoveTo(device);
        return adapters.UnitEffects(network.Loss(network.Logits(batch, skipped), batch), skipped);
    }

    private IEnumerable<Subnetwork> Subnetworks()
    {
        var (modules, skip) = (network.Backbone.Modules.Count, config.Skip);
        if (skip == 0)
        {
            return Enumerable.Repeat(Subnetwork.Whole(modules), FewestBatches);
        }

        var batches = (modules + skip - 1) / skip;
        var passes = Math.Max(FewestPasses, (FewestBatches + batches - 1) / batches);
        return Enumerable.Range(0, passes).SelectMany(pass =>
        {
            var random = SeededRandom.Derive(config.Seed, "search/adapters", pass);
            var order = Enumerable.Range(0, modules).Select(module => (Module: module, Place: random.NextDouble()))
                .OrderBy(entry => entry.Place).Select(entry => entry.Module).ToArray();

            // The last of a pass is filled up from its beginning.
            return Enumerable.Range(0, batches).Select(i => new Subnetwork(modules, Enumerable.Range(i * skip, skip).Select(k => order[k % modules])));
        });
    }
}
