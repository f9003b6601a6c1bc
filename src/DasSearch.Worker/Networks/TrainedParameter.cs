using TorchSharp.Modules;

namespace DasSearch.Worker.Networks;

/// <summary>A parameter that is trained.</summary>
/// <param name="Name">Its name in official checkpoints.</param>
/// <param name="Parameter">The network's own tensor.</param>
/// <param name="IsMultiplied">Whether its learning rate is multiplied, as that of classifiers is.</param>
public sealed record TrainedParameter(string Name, Parameter Parameter, bool IsMultiplied)
{
    private static readonly string[] _notDecayed =
        ["bias", "LayerNorm.weight", "norm.weight", "norm1.weight", "norm2.weight"];

    /// <summary>
    /// Whether weight decay applies: not to biases and norms, by the official code's names, which leave in the norms of
    /// adapters and of classifiers.
    /// </summary>
    public bool IsDecayed => !Array.Exists(_notDecayed, part => Name.Contains(part, StringComparison.Ordinal));
}
