using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>A backbone with its weights, and what else its checkpoint held.</summary>
/// <param name="Backbone">The backbone; whoever holds this owns it.</param>
/// <param name="Rest">Tensors that are no part of it, such as the heads it was pre-trained by, by name; of the scope in which it was loaded.</param>
public sealed record LoadedBackbone(IBackbone Backbone, IReadOnlyDictionary<string, Tensor> Rest);
