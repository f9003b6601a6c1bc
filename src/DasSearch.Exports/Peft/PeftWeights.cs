using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary><c>adapter_model.safetensors</c>: what was trained, under PEFT's names.</summary>
internal static class PeftWeights
{
    private static readonly string[] _matrices = [".lora_A.weight", ".lora_B.weight"];

    /// <summary>The tensors of every target, renamed and otherwise as they are.</summary>
    /// <param name="trained">What the plan was trained to, where each projection's matrices lie beside its own name.</param>
    /// <param name="targets">What LoRA changes.</param>
    /// <exception cref="DasSearchException">A matrix is missing, or not of its target's rank.</exception>
    internal static IReadOnlyList<WeightTensor> Of(SafetensorsFile trained, IReadOnlyList<LoraTarget> targets) =>
        [.. targets.SelectMany(target => _matrices.Select((matrix, side) => Find(trained, target, matrix, side)))];

    private static WeightTensor Find(SafetensorsFile trained, LoraTarget target, string matrix, int side)
    {
        var name = target.Source + matrix;
        if (!trained.Tensors.TryGetValue(name, out var tensor))
        {
            throw new ExportException($"{trained.Path} has no tensor {name}, which the plan's LoRA on {target.Source} needs");
        }

        // A is [rank, input], B is [output, rank].
        return tensor.Shape.Count == 2 && tensor.Shape[side] == target.Rank
            ? tensor with { Name = $"base_model.model.{target.Path}{matrix}" }
            : throw new ExportException(
                $"{trained.Path} has {name} of shape [{string.Join(", ", tensor.Shape)}], which is not one of rank {target.Rank}");
    }
}
