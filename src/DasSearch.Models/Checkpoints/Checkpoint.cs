using System.Globalization;
using DasSearch.Core;
using DasSearch.Formats;
using static TorchSharp.torch;

namespace DasSearch.Models.Checkpoints;

/// <summary>Tensors by name on the CPU, and what their file says of itself.</summary>
/// <param name="Tensors">The tensors; they belong to the scope in which the file was read.</param>
/// <param name="Metadata">Free texts by name.</param>
public sealed record Checkpoint(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>Tensors from checkpoints, and into safetensors files.</summary>
public static class CheckpointFile
{
    private const long Part = 1 << 30; // A span has room for less than 2 GiB.

    private static readonly (string Name, ScalarType Type)[] _types =
    [
        ("BOOL", ScalarType.Bool), ("U8", ScalarType.Byte), ("I8", ScalarType.Int8), ("I16", ScalarType.Int16), ("I32", ScalarType.Int32),
        ("I64", ScalarType.Int64), ("F16", ScalarType.Float16), ("BF16", ScalarType.BFloat16), ("F32", ScalarType.Float32), ("F64", ScalarType.Float64),
    ];

    /// <summary>All tensors of a file of any format that <see cref="WeightFile"/> knows by its content, or of all the files of an index, in the types that they have there.</summary>
    /// <exception cref="DasSearchException">There is no such file, or it is not sound.</exception>
    public static Checkpoint Read(string path)
    {
        var file = WeightFile.Open(path);
        return new Checkpoint(TensorsOf(file), file.Metadata);
    }

    /// <summary>The same under a backbone's official names.</summary>
    /// <exception cref="DasSearchException">It is not sound, or has a tensor under two names.</exception>
    internal static Checkpoint Read(WeightFile own, CheckpointKind kind)
    {
        var file = kind.Official(own);
        return file.Twice is [var first, ..]
            ? throw new DasSearchException($"{own.Path} has {first} twice, under this name and another one")
            : new Checkpoint(TensorsOf(file), file.Metadata);
    }

    private static Dictionary<string, Tensor> TensorsOf(WeightFile file) =>
        file.Tensors.ToDictionary(static entry => entry.Key, static entry => TensorOf(entry.Value), StringComparer.Ordinal);

    /// <summary>Writes a file as a whole, so that a crash leaves the old one or the new one; the same bytes for the same tensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors, on any device.</param>
    /// <param name="metadata">Free texts by name.</param>
    /// <exception cref="DasSearchException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        SafetensorsFile.Write(path, tensors.Select(entry => EntryOf(entry.Key, entry.Value)), metadata);
    }

    /// <summary>Puts saved weights in the place of a parameter.</summary>
    /// <param name="source">What messages call their origin.</param>
    /// <param name="name">Their name there.</param>
    /// <param name="saved">The weights, of the parameter's shape.</param>
    /// <param name="parameter">Where they go.</param>
    /// <exception cref="DasSearchException">They are no floating numbers, or not all of them are finite in the parameter's type.</exception>
    public static void CopyWeights(string source, string name, Tensor saved, Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(saved);
        ArgumentNullException.ThrowIfNull(parameter);
        if (!is_floating_point(saved))
        {
            throw new DasSearchException(
                $"{source} has {name} of type {NameOf(saved.dtype)}, expected floating numbers: F16, BF16, F32 or F64; "
                + "the weights of a quantised checkpoint have to be turned back into floats first");
        }

        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        parameter.copy_(saved);
        CheckFinite(source, name, saved, parameter);
    }

    /// <summary>The same check of weights that stay as they are.</summary>
    /// <exception cref="DasSearchException">They are no floating numbers, or not finite.</exception>
    internal static void CheckWeights(string source, string name, Tensor saved)
    {
        using var scope = NewDisposeScope();
        CopyWeights(source, name, saved, empty(saved.shape, ScalarType.Float32));
    }

    private static void CheckFinite(string source, string name, Tensor saved, Tensor parameter)
    {
        var odd = parameter.isfinite().logical_not().flatten();
        if (odd.any().item<bool>())
        {
            var at = odd.to(ScalarType.Int32).argmax().item<long>();
            var number = saved.flatten()[at].to(ScalarType.Float64).item<double>();
            throw new DasSearchException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source} has {number} in {name}, of type {NameOf(saved.dtype)}, expected finite numbers of 32 bits: it is damaged, or of a training that diverged"));
        }
    }

    private static string NameOf(ScalarType type) => Array.Find(_types, known => known.Type == type).Name ?? type.ToString();

    /// <summary>A tensor of those numbers, of the type that they have.</summary>
    /// <exception cref="DasSearchException">libtorch has no such type.</exception>
    internal static Tensor TensorOf(WeightTensor weight)
    {
        var at = Array.FindIndex(_types, type => type.Name == weight.Type);
        if (at < 0)
        {
            throw new DasSearchException(
                $"{weight.Source} has tensor {weight.Name} of type {weight.Type}, expected one of {string.Join(", ", _types.Select(static type => type.Name))}");
        }

        var tensor = empty([.. weight.Shape], _types[at].Type);
        using var from = weight.Open();
        using var scope = NewDisposeScope();
        foreach (var part in PartsOf(tensor))
        {
            from.ReadExactly(part.bytes);
        }

        return tensor;
    }

    private static TensorEntry EntryOf(string name, Tensor tensor)
    {
        var at = Array.FindIndex(_types, type => type.Type == tensor.dtype);
        return at >= 0
            ? new TensorEntry(name, _types[at].Name, tensor)
            : throw new ArgumentException($"safetensors has no name for {tensor.dtype}.", nameof(tensor));
    }

    private static IEnumerable<Tensor> PartsOf(Tensor tensor)
    {
        var flat = tensor.view(tensor.numel());
        var most = Part / tensor.element_size();
        for (var start = 0L; start < flat.numel(); start += most)
        {
            yield return flat.narrow(0, start, Math.Min(most, flat.numel() - start));
        }
    }

    private sealed record TensorEntry(string Name, string Type, Tensor Tensor) : WeightEntry(Name, Type, Tensor.shape)
    {
        public override void CopyTo(Stream target)
        {
            using var scope = NewDisposeScope();
            foreach (var part in PartsOf(Tensor.detach().cpu().contiguous()))
            {
                target.Write(part.bytes);
            }
        }
    }
}
