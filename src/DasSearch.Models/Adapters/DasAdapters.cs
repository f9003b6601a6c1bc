using DasSearch.Models.Attachments;
using static TorchSharp.torch;

namespace DasSearch.Models.Adapters;

/// <summary>The adapters of a DAS supernet: one for every module's place, and two inside every module.</summary>
/// <remarks>
/// DAS, arXiv:2309.01479, as in the authors' ViLT code: a skipped module is replaced by x + A(x), and a kept one runs
/// with A₀ beside its attention and A₁ beside its feed-forward part. All are there throughout a search; those that a
/// subnetwork does not use get no gradient in its step. A plan's network has only the ones that it uses.
/// </remarks>
public sealed class DasAdapters : nn.Module, IAttachments
{
    private static readonly Site[] _inside = [Site.ParallelToAttention, Site.ParallelToFeedForward];

    private readonly Dictionary<(int Index, Site Site), BottleneckAdapter> _bySite = [];

    /// <param name="modules">How many modules the backbone has.</param>
    /// <param name="width">Width of a token's vector.</param>
    /// <param name="replacementBottleneck">Bottleneck in place of a module; 192 for ViLT-B/32.</param>
    /// <param name="parallelBottleneck">Bottleneck inside a module; 96 for ViLT-B/32.</param>
    /// <param name="isUsed">Which of them to make; null makes all.</param>
    /// <param name="scale">The factor on every adapter's output; the paper's is 1.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    public DasAdapters(
        int modules,
        long width,
        long replacementBottleneck,
        long parallelBottleneck,
        Func<int, Site, bool>? isUsed = null,
        double scale = 1,
        Device? device = null)
        : base(nameof(DasAdapters))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(modules);
        for (var index = 0; index < modules; index++)
        {
            Add(index, Site.Replacement, replacementBottleneck);
            foreach (var site in _inside)
            {
                Add(index, site, parallelBottleneck);
            }
        }

        void Add(int index, Site site, long bottleneck)
        {
            if (isUsed?.Invoke(index, site) ?? true)
            {
                var adapter = new BottleneckAdapter(width, bottleneck, scale, device);
                _bySite.Add((index, site), adapter);
                register_module($"{index}_{site}", adapter);
            }
        }
    }

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor>? At(int index, Site site) => _bySite.GetValueOrDefault((index, site));

    /// <summary>The parameters under the official checkpoints' names.</summary>
    /// <remarks><c>adapter_list.i.0</c> in place of module i, <c>transformer.blocks.i.adapter0</c> and <c>1</c> inside it.</remarks>
    public Dictionary<string, Tensor> OfficialState()
    {
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var ((index, site), adapter) in _bySite)
        {
            adapter.state_dict(state, OfficialName(index, site));
        }

        return state;
    }

    private static string OfficialName(int index, Site site) => site switch
    {
        Site.Replacement => $"adapter_list.{index}.0",
        Site.ParallelToAttention => $"transformer.blocks.{index}.adapter0",
        _ => $"transformer.blocks.{index}.adapter1",
    };
}
