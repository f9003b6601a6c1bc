using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>What passes from one module of a backbone to the next, and can be kept or handed in at any boundary.</summary>
/// <param name="Streams">One tensor [batch, tokens, width] a stream: one for ViLT, two for METER.</param>
/// <param name="KeyBiases">For each stream [batch, 1, 1, tokens], added to attention's scores: 0, or −∞ at padding.</param>
public sealed record HiddenState(IReadOnlyList<Tensor> Streams, IReadOnlyList<Tensor> KeyBiases)
{
    /// <summary>The same masks with other streams.</summary>
    public HiddenState With(params Tensor[] streams) => this with { Streams = streams };
}
