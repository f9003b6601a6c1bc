using static TorchSharp.torch;

namespace DasSearch.Models.Checkpoints;

/// <summary>Tensors by name, and what the file says of itself.</summary>
/// <param name="Tensors">The tensors; they belong to the scope in which the file was read.</param>
/// <param name="Metadata">Free texts by name.</param>
public sealed record Checkpoint(
    IReadOnlyDictionary<string, Tensor> Tensors,
    IReadOnlyDictionary<string, string> Metadata);
