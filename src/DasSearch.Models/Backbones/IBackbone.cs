using DasSearch.Core;
using DasSearch.Models.Attachments;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>A vision-language model as an ordered list of modules, any of which can be skipped.</summary>
/// <remarks>
/// A whole pass is Embed, Run over all modules, Finish, Summarise. What lies between is handed in and out, so that what is
/// frozen can be kept and common prefixes of several subnetworks are computed once. The skipped set is an argument:
/// no module remembers it. With nothing skipped and nothing attached the result is the untouched model's.
/// </remarks>
public interface IBackbone : IDisposable
{
    /// <summary>The backbone in numbers, its modules above all.</summary>
    BackboneDescription Description { get; }

    /// <summary>Its parameters, under the official checkpoints' names.</summary>
    nn.Module Network { get; }

    /// <summary>
    /// Whether a parameter is trained whatever the transfer method: DAS's code trains poolers and modality embeddings
    /// beside what a method adds, and keeps all else frozen.
    /// </summary>
    /// <param name="parameter">A name within <see cref="Network"/>.</param>
    bool IsTransferred(string parameter);

    /// <summary>Of <see cref="Embed"/>, what neither dropout nor a parameter that <see cref="IsTransferred"/> has a part in.</summary>
    /// <remarks>As long as no method trains more of the backbone, it is the same whatever the training has come to.</remarks>
    /// <param name="input">Texts and images.</param>
    /// <returns>Tensors for <see cref="Embed"/>, and for nothing else.</returns>
    IReadOnlyList<Tensor> EmbedFrozen(VisionLanguageInput input);

    /// <summary>Everything before the first module.</summary>
    /// <param name="input">Texts and images.</param>
    /// <param name="frozen">What <see cref="EmbedFrozen"/> gave for them, which stays the caller's; null: it is computed.</param>
    HiddenState Embed(VisionLanguageInput input, IReadOnlyList<Tensor>? frozen = null);

    /// <summary>The modules from <paramref name="start"/> up to, without, <paramref name="until"/>.</summary>
    /// <param name="state">What the module before <paramref name="start"/> gave.</param>
    /// <param name="start">Index of the first module to run.</param>
    /// <param name="until">Index after the last module to run.</param>
    /// <param name="skipped">The modules whose replacements run instead of them; without one the input passes through.</param>
    /// <param name="attachments">What a transfer method puts on the modules.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not one of modules.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="skipped"/> is of another number of modules, or keeps one that was not built.
    /// </exception>
    HiddenState Run(HiddenState state, int start, int until, Subnetwork skipped, IAttachments attachments);

    /// <summary>The modules from <paramref name="start"/> on and all that follows, as far as the summary needs it: [batch, summary width].</summary>
    /// <remarks>The same as Run to the end, Finish and Summarise, but for rounding and for what no summary sees.</remarks>
    /// <param name="state">What the module before <paramref name="start"/> gave.</param>
    /// <param name="start">Index of the first module to run.</param>
    /// <param name="skipped">The modules whose replacements run instead of them.</param>
    /// <param name="attachments">What a transfer method puts on the modules.</param>
    /// <exception cref="ArgumentException">As of Run.</exception>
    Tensor Conclude(HiddenState state, int start, Subnetwork skipped, IAttachments attachments);

    /// <summary>Everything after the last module: [batch, tokens, width] a stream, normalised, ready for heads.</summary>
    HiddenState Finish(HiddenState state);

    /// <summary>One vector a sample from a finished state: [batch, summary width].</summary>
    Tensor Summarise(HiddenState finished);
}
