using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Attachments;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Models.Adapters;

/// <summary>The adapters of DAS on a backbone: those of a supernet, or only the ones that a plan places.</summary>
/// <remarks>
/// DAS, arXiv:2309.01479, as in the authors' ViLT code: a skipped module is replaced by x + A(x), and a kept one runs
/// with A₀ beside its attention and A₁ beside its feed-forward part, or with one of them if it is only that part.
/// A supernet has all of them for every module; those that a subnetwork does not use get no gradient in its step.
/// </remarks>
public sealed class DasAdapters : nn.Module, IAttachments
{
    private readonly Dictionary<(int Index, Site Site), BottleneckAdapter> _bySite = [];
    private readonly BackboneDescription _backbone;
    private readonly IReadOnlyList<AdapterPlacement> _placements;

    /// <param name="placements">Where they stand; see <see cref="DasPlacement"/>.</param>
    /// <param name="backbone">What they stand on.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    /// <exception cref="DasSearchException">A placement is on a module that the backbone lacks, or is not one of this adapter.</exception>
    public DasAdapters(IReadOnlyList<AdapterPlacement> placements, BackboneDescription backbone, Device? device = null)
        : base(nameof(DasAdapters))
    {
        ArgumentNullException.ThrowIfNull(placements);
        ArgumentNullException.ThrowIfNull(backbone);
        (_placements, _backbone) = (placements, backbone);
        foreach (var placement in placements)
        {
            var index = IndexOf(placement, backbone);
            var site = SiteOf(placement);
            if ((site, backbone.Modules[index].Kind)
                is (Site.ParallelToAttention, ModuleKind.FeedForward) or (Site.ParallelToFeedForward, ModuleKind.Attention))
            {
                throw Misplaced(placement);
            }

            var adapter = new BottleneckAdapter(backbone.Shapes[index].Width, placement.Bottleneck, placement.Scale, device);
            _bySite.Add((index, site), adapter);
            register_module($"{index}_{site}", adapter);
        }
    }

    /// <summary>What adapters of a supernet cost: for each module in its place, and within it.</summary>
    /// <param name="placements">Those of a supernet, as <see cref="DasPlacement.OfSupernet"/> gives them.</param>
    /// <param name="backbone">What they stand on.</param>
    /// <exception cref="DasSearchException">A placement is on a module that the backbone lacks.</exception>
    public static IReadOnlyList<ModuleCosts> Costs(IReadOnlyList<AdapterPlacement> placements, BackboneDescription backbone)
    {
        ArgumentNullException.ThrowIfNull(placements);
        ArgumentNullException.ThrowIfNull(backbone);
        var byModule = placements.ToLookup(placement => IndexOf(placement, backbone));
        return [.. backbone.Modules.Select(module =>
        {
            var (width, tokens) = (backbone.Shapes[module.Index].Width, backbone.Shapes[module.Index].Tokens);
            var replacing = byModule[module.Index].Where(placement => placement.Placement == Placement.Replace).ToList();
            var attached = byModule[module.Index].Except(replacing).ToList();
            return new ModuleCosts(
                module,
                replacing.Sum(placement => BottleneckAdapter.Parameters(width, placement.Bottleneck)),
                replacing.Sum(placement => BottleneckAdapter.Operations(width, placement.Bottleneck, tokens)),
                attached.Sum(placement => BottleneckAdapter.Parameters(width, placement.Bottleneck)),
                attached.Sum(placement => BottleneckAdapter.Operations(width, placement.Bottleneck, tokens)));
        })];
    }

    /// <summary>What each inner unit of the adapters in use adds to a loss, to first order.</summary>
    /// <remarks>
    /// Σ w · ∂L/∂w over a unit's outgoing weights, which is its output times the gradient there, over all tokens: without the
    /// unit, the loss would be lower by about so much.
    /// </remarks>
    /// <param name="loss">The loss, a scalar, with its graph, which is used up.</param>
    /// <param name="skipped">Which modules were skipped for it: the adapters that it does not use are left out.</param>
    /// <returns>The adapters' places in the list of placements, each with its units' effects.</returns>
    public IReadOnlyList<(int Adapter, float[] Effects)> UnitEffects(Tensor loss, Subnetwork skipped)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(skipped);
        using var scope = NewDisposeScope();
        var used = _placements
            .Select((placement, i) => (Adapter: i, Index: IndexOf(placement, _backbone), Site: SiteOf(placement)))
            .Where(place => skipped.Contains(place.Index) == (place.Site == Site.Replacement))
            .Select(place => (place.Adapter, Weights: _bySite[(place.Index, place.Site)].Outgoing))
            .ToList();
        var gradients = autograd.grad([loss], [.. used.Select(place => place.Weights)]);
        return [.. used.Zip(gradients, (place, gradient) =>
            (place.Adapter, (place.Weights.detach() * gradient).sum([0]).cpu().data<float>().ToArray()))];
    }

    /// <summary>What is known of each adapter, given its units' saliency.</summary>
    /// <param name="saliency">Of each placement, in order.</param>
    /// <exception cref="ArgumentException">There are not as many as placements, or one does not fit its bottleneck.</exception>
    public IReadOnlyList<AdapterEvidence> Evidence(IReadOnlyList<IReadOnlyList<double>> saliency)
    {
        ArgumentNullException.ThrowIfNull(saliency);
        if (saliency.Count != _placements.Count || !saliency.Zip(_placements).All(pair => pair.First.Count == pair.Second.Bottleneck))
        {
            throw new ArgumentException("Each unit of each placement has a saliency.", nameof(saliency));
        }

        return [.. _placements.Zip(saliency, (placement, units) =>
        {
            var index = IndexOf(placement, _backbone);
            var (width, tokens) = (_backbone.Shapes[index].Width, _backbone.Shapes[index].Tokens);
            return new AdapterEvidence(
                index,
                placement.Placement,
                placement.Site,
                BottleneckAdapter.Parameters(width, 0),
                BottleneckAdapter.Parameters(width, 1) - BottleneckAdapter.Parameters(width, 0),
                BottleneckAdapter.Operations(width, 1, tokens),
                units);
        })];
    }

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor>? At(int index, Site site) => _bySite.GetValueOrDefault((index, site));

    /// <summary>The parameters under the official checkpoints' names.</summary>
    /// <remarks><c>adapter_list.i.0</c> in place of module i, <c>adapter0</c> and <c>adapter1</c> inside a block such as <c>transformer.blocks.3</c>.</remarks>
    public Dictionary<string, Tensor> OfficialState()
    {
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var ((index, site), adapter) in _bySite)
        {
            adapter.state_dict(state, OfficialName(_backbone.Modules[index], site));
        }

        return state;
    }

    private static int IndexOf(AdapterPlacement placement, BackboneDescription backbone)
    {
        var module = backbone.Modules.FirstOrDefault(module => module.Name == placement.Module);
        return module?.Index ?? throw new DasSearchException($"an adapter is placed on {placement.Module}, which the backbone does not have");
    }

    private static Site SiteOf(AdapterPlacement placement)
    {
        if (placement is not { Type: DasPlacement.Type, Activation: "relu", Normalisation: "layer-norm" })
        {
            throw new DasSearchException(
                $"the adapter on {placement.Module} must be of type {DasPlacement.Type} with relu and layer-norm, "
                + $"not {placement.Type} with {placement.Activation} and {placement.Normalisation}");
        }

        return (placement.Placement, placement.Site) switch
        {
            (Placement.Replace, DasPlacement.Module) => Site.Replacement,
            (Placement.Parallel, DasPlacement.Attention) => Site.ParallelToAttention,
            (Placement.Parallel, DasPlacement.FeedForward) => Site.ParallelToFeedForward,
            _ => throw Misplaced(placement),
        };
    }

    private static DasSearchException Misplaced(AdapterPlacement placement) =>
        new($"the adapter on {placement.Module} cannot stand {EnumNames.NameOf(placement.Placement)} to '{placement.Site}'");

    private static string OfficialName(ModuleInfo module, Site site)
    {
        var block = module.Kind == ModuleKind.Whole ? module.Name : module.Name[..module.Name.LastIndexOf('.')];
        return site switch
        {
            Site.Replacement => $"adapter_list.{module.Index}.0",
            Site.ParallelToAttention => block + ".adapter0",
            _ => block + ".adapter1",
        };
    }
}
