using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>Looks on while tokens attend to each other and to prompts: see <see cref="Attachments.Observer"/>.</summary>
public interface IAttentionObserver
{
    /// <summary>Whether what a branch's prompts get is shown as it is weighed in the end.</summary>
    bool Weighs { get; }

    /// <summary>Told of a sub-layer's attention, before what is added to it.</summary>
    /// <param name="place">The sub-layer's name.</param>
    /// <param name="weights">[batch, heads, queries, keys], of each query 1 in all; gone when this returns.</param>
    void Attended(string place, Tensor weights);

    /// <summary>Told of the prompts that a branch has beside a sub-layer.</summary>
    /// <param name="place">The sub-layer's name.</param>
    /// <param name="weights">[batch, queries, prompts], at least 0, of any sum; gone when this returns.</param>
    void Prompted(string place, Tensor weights);
}
