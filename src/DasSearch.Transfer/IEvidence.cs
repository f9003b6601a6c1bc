using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>What a method can find out about a network before it puts anything on it: over the training split, in evaluation mode.</summary>
/// <remarks>The network is the one of the method's first stage as it was trained, else the one that the method is about to be put on.</remarks>
public interface IEvidence
{
    /// <summary>Gradients of the mean loss, by the names of the backbone's parameters that are asked about, trained or not.</summary>
    /// <param name="samples">How many samples it takes, from the first on; null for all.</param>
    IReadOnlyDictionary<string, Tensor> Gradients(IReadOnlyList<string> parameters, int? samples);

    /// <summary>The norm of every channel over samples and tokens, [width] for each place; tokens that are padding count.</summary>
    /// <param name="places">Linears, for what they give, or sub-layers, for the residual stream behind them.</param>
    /// <param name="isByClass">Whether it is the mean of such norms of each label's samples; a task that ranks has one label.</param>
    /// <param name="samples">How many samples it takes, from the first on; null for all.</param>
    IReadOnlyDictionary<string, Tensor> ChannelNorms(IReadOnlyList<string> places, bool isByClass, int? samples);
}

/// <summary>What is trained before a method: a network with another one, whose weights it goes on from.</summary>
/// <param name="Epochs">For how long; null for as long as the method itself.</param>
public sealed record FirstStage(ITransferMethod Method, int? Epochs);
