using System.Globalization;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>Trained norms as PEFT's LN tuning has them (arXiv:2312.11420): a copy of each norm, used in its place.</summary>
/// <remarks>PEFT's class for it cannot drop layers, so that only a plan that skips none is exported this way.</remarks>
internal static class PeftNorms
{
    /// <summary>The method whose trained norms PEFT has an equivalent for.</summary>
    internal const string Method = "layer-norm";

    private const string Weight = ".weight";
    private const string Bias = ".bias";

    /// <summary>The norms of a plan that was trained by that method, by name in Hugging Face's model, or none.</summary>
    /// <param name="trained">What the plan was trained to.</param>
    /// <exception cref="ExportException">A norm has a weight without a bias.</exception>
    internal static IReadOnlyList<PeftNorm> Of(SkipPlan plan, PeftLayout layout, SafetensorsFile trained) =>
    [
        .. from name in trained.Tensors.Keys
           where name.EndsWith(Weight, StringComparison.Ordinal)
           let module = name[..^Weight.Length]
           let path = PathOf(module, plan.Modules, layout)
           where path is not null
           orderby path
           select trained.Tensors.ContainsKey(module + Bias)
               ? new PeftNorm(path, module)
               : throw new ExportException($"{trained.Path} has {name} and no {module}{Bias}, expected both of a norm"),
    ];

    /// <summary>The tensors under PEFT's names.</summary>
    internal static IReadOnlyList<WeightTensor> Weights(IReadOnlyList<PeftNorm> norms, SafetensorsFile trained) =>
        [.. norms.SelectMany(norm => norm.Trained.Zip(new[] { Weight, Bias }, (name, end) => trained.Tensors[name] with { Name = $"base_model.model.{norm.Path}.ln_tuning_layers{end}" }))];

    // The norm of a layer, or the one behind them all.
    private static string? PathOf(string module, int layers, PeftLayout layout) => Enumerable.Range(0, layers)
        .SelectMany(layer => layout.Norms.Select(norm => (Own: At(norm.Key, layer), Theirs: At(norm.Value, layer))))
        .FirstOrDefault(norm => norm.Own == module).Theirs;

    private static string At(string name, int layer) => name.Replace("*", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}

/// <summary>A norm that LN tuning trains.</summary>
/// <param name="Path">Its full name in Hugging Face's model.</param>
/// <param name="Module">Its name in the checkpoint that das reads.</param>
internal sealed record PeftNorm(string Path, string Module)
{
    /// <summary>What the trained weights call its weight and bias.</summary>
    internal IReadOnlyList<string> Trained => [Module + ".weight", Module + ".bias"];
}
