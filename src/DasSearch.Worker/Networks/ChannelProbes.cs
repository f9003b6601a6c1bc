using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Worker.Networks;

/// <summary>Sums up the squares of every channel at places of a network, label by label; its tensors are the current scope's.</summary>
/// <remarks>Of several labels, as SCT has it, of patches alone: tokens that stand for a whole image are left out.</remarks>
internal sealed class ChannelProbes
{
    private readonly Dictionary<string, Tensor> _sums = new(StringComparer.Ordinal); // [labels, width] each
    private readonly Tensor _samples; // [labels]
    private readonly int _first; // the first of a stream's tokens that counts
    private readonly bool _areApart; // texts and images, so that texts may be others than the samples'
    private Tensor? _labels;

    /// <param name="places">Linears, for what they give, or sub-layers, for the residual stream behind them.</param>
    /// <param name="labels">How many labels there are.</param>
    internal ChannelProbes(TransferNetwork network, IReadOnlyList<string> places, long labels)
    {
        var (backbone, own) = (network.Backbone, network.Attachments);
        var (projections, branches) = (new Dictionary<string, Projection>(own.Projections), new Dictionary<string, Branch>(own.Branches));
        (_samples, _first, _areApart) = (zeros(labels, ScalarType.Float64, network.Device), labels > 1 ? backbone.ClassTokens : 0, backbone.HasSharedSpace);
        foreach (var place in places)
        {
            var part = backbone.SubLayers.FirstOrDefault(part => part.Name == place);
            var width = part is null ? backbone.Projections.First(projection => projection.Name == place).Out : backbone.Shapes[part.Module].Width;
            _sums[place] = zeros(labels, width, ScalarType.Float64, network.Device);
            if (part is null)
            {
                projections[place] = new LinearProbe(own.Projections.GetValueOrDefault(place), features => Add(place, features));
            }
            else
            {
                branches[place] = new StreamProbe(own.Branches.GetValueOrDefault(place), features => Add(place, features));
            }
        }

        Attachments = own with { Projections = projections, Branches = branches };
    }

    /// <summary>What the network has attached, and the probes.</summary>
    internal Attachments Attachments { get; }

    /// <summary>A batch begins.</summary>
    /// <param name="labels">[batch].</param>
    internal void Begin(Tensor labels)
    {
        _labels = labels;
        _samples.index_add_(0, labels, ones_like(labels, ScalarType.Float64), 1);
    }

    /// <summary>The norm of every channel, [width] by place: the mean of those of the labels that there were.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Norms()
    {
        var isThere = _samples.gt(0).nonzero().flatten();
        return _sums.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.index_select(0, isThere).sqrt().mean([0])));
    }

    // Several texts of a sample have its label.
    private void Add(string place, Tensor features)
    {
        using var scope = NewDisposeScope();
        var counted = features.narrow(1, _first, features.size(1) - _first);
        var squares = counted.to(ScalarType.Float64).square().sum([1]); // [rows, width]
        var (rows, samples) = (squares.size(0), _labels!.size(0));
        var areApart = _areApart && rows != samples && rows <= _samples.size(0); // sentences about classes, one each, or one that nothing is asked of
        var labels = areApart ? arange(rows, ScalarType.Int64, squares.device) : _labels.repeat_interleave(rows / samples);
        _sums[place].index_add_(0, labels, squares, 1);
    }

    private sealed class LinearProbe(Projection? around, Action<Tensor> see) : Projection(nameof(LinearProbe))
    {
        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
        {
            var output = around?.Apply(own, input) ?? own(input);
            see(output);
            return output;
        }
    }

    private sealed class StreamProbe(Branch? branch, Action<Tensor> see) : Branch(nameof(StreamProbe))
    {
        public override Tensor forward(Tensor stream, Tensor read, Tensor output)
        {
            using var scope = NewDisposeScope();
            var joined = branch?.call(stream, read, output) ?? output.alias();
            see(stream + joined);
            return joined.MoveToOuterDisposeScope();
        }
    }
}
