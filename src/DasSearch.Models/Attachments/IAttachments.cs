using static TorchSharp.torch;

namespace DasSearch.Models.Attachments;

/// <summary>What a transfer method puts on a backbone; the backbone asks at every site and knows nothing else of it.</summary>
public interface IAttachments
{
    /// <summary>The function [batch, tokens, width] to [batch, tokens, width] at a site of a module, or null.</summary>
    /// <param name="index">Index of the module.</param>
    /// <param name="site">Where on the module.</param>
    nn.Module<Tensor, Tensor>? At(int index, Site site);
}
