using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Search;

/// <summary>Finds out which inner units of what is attached to a searched supernet matter, so that a plan's can be sized by need.</summary>
/// <remarks>
/// Backward passes over training batches, without dropout and without learning. The subnetworks skip as many modules as the search
/// does and share out the modules evenly: in a pass over shuffled modules, each is skipped once. See
/// <see cref="AdapterEvidence"/> for what is measured.
/// </remarks>
/// <param name="config">The search's settings.</param>
/// <param name="network">The supernet, trained.</param>
/// <param name="task">The task.</param>
public sealed class AdapterProbe(RunConfig config, TransferNetwork network, IVisionLanguageTask task)
{
    private const int FewestBatches = 32;
    private const int FewestPasses = 8; // so often is each module skipped at the least
    private const int MostSamples = 32; // of a batch: which units matter shows in few

    private readonly int _size = Math.Min(config.Search.BatchSize, MostSamples);

    /// <summary>Measures every adapter.</summary>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <returns>Each group of units, in the order of the supernet's; none where the method has no such thing.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public IReadOnlyList<AdapterEvidence> Measure(CancellationToken cancellation)
    {
        var groups = network.Units;
        if (groups.Count == 0)
        {
            return [];
        }

        var (squares, uses) = (groups.Select(static group => new double[group.Weights[0].size(group.Dimension)]).ToList(), new int[groups.Count]);
        network.Train(false);
        var number = 0;
        foreach (var skipped in Subnetworks())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (group, effects) in Effects(skipped, number++))
            {
                uses[group]++;
                for (var unit = 0; unit < effects.Length; unit++)
                {
                    squares[group][unit] += (double)effects[unit] * effects[unit];
                }
            }
        }

        return [.. groups.Zip(squares, uses).Select(static found => new AdapterEvidence(
            found.First.Module,
            found.First.Placement,
            found.First.Site,
            found.First.Costs.FixedParameters,
            found.First.Costs.UnitParameters,
            found.First.Costs.UnitMultiplyAccumulates,
            [.. found.Second.Select(square => square / Math.Max(found.Third, 1))]))];
    }

    /// <summary>What each inner unit in use adds to a loss, to first order.</summary>
    /// <remarks>
    /// Σ w · ∂L/∂w over a unit's outgoing weights, which is its output times the gradient there, over all tokens: without the
    /// unit, the loss would be lower by about so much.
    /// </remarks>
    /// <param name="groups">The units; groups that the loss does not depend on are left out.</param>
    /// <param name="loss">The loss, a scalar, with its graph, which is used up.</param>
    /// <param name="skipped">Which modules were skipped for it.</param>
    internal static IReadOnlyList<UnitEffects> Effects(IReadOnlyList<UnitGroup> groups, Tensor loss, Subnetwork skipped)
    {
        using var scope = NewDisposeScope();
        var used = Enumerable.Range(0, groups.Count)
            .Where(i => skipped.Contains(groups[i].Module) == (groups[i].Placement == Placement.Replace))
            .ToList();
        var gradients = new Queue<Tensor>(autograd.grad([loss], [.. used.SelectMany(i => groups[i].Weights)]));
        return [.. used.Select(i =>
        {
            var slopes = groups[i].Weights.Select(weights => (weights.detach() * gradients.Dequeue()).sum([1 - groups[i].Dimension]));
            return new UnitEffects(i, slopes.Aggregate(static (sum, one) => sum + one).cpu().data<float>().ToArray());
        })];
    }

    private IReadOnlyList<UnitEffects> Effects(Subnetwork skipped, int number)
    {
        using var scope = NewDisposeScope();
        var batches = task.Facts.BatchesOf(Split.Train, _size);
        using var batch = task.Batch(Split.Train, config.Search.Epochs + 1, number % batches, _size).MoveTo(network.Device);
        return Effects(network.Units, network.Loss(network.Logits(batch, skipped), batch), skipped);
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

/// <summary>What the units of a group add to a loss.</summary>
/// <param name="Group">Place of the group in its list.</param>
/// <param name="Effects">A number for each unit.</param>
internal sealed record UnitEffects(int Group, float[] Effects);
