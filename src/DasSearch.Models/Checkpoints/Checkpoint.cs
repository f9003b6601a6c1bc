using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
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
        return new Checkpoint(file.Tensors.ToDictionary(entry => entry.Key, entry => TensorOf(entry.Value), StringComparer.Ordinal), file.Metadata);
    }

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

/// <summary>What a checkpoint's tensors and texts tell of a network, and how that is said where they do not fit it.</summary>
/// <param name="Path">What messages call the checkpoint.</param>
/// <param name="Shapes">The shape of each tensor.</param>
/// <param name="Metadata">Free texts by name.</param>
internal sealed record CheckpointSource(
    string Path, IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The tensors, where they were read.</summary>
    internal IReadOnlyDictionary<string, Tensor> Tensors { get; private init; } = new Dictionary<string, Tensor>();

    /// <summary>Of what model it is to be.</summary>
    internal string Model { get; init; } = "ViLT";

    /// <summary>What messages call it.</summary>
    internal string Name => $"checkpoint {Path}";

    internal static CheckpointSource Read(string path)
    {
        var (tensors, metadata) = CheckpointFile.Read(path);
        var shapes = tensors.ToDictionary(static entry => entry.Key, static entry => (IReadOnlyList<long>)entry.Value.shape, StringComparer.Ordinal);
        return new CheckpointSource(path, shapes, metadata) { Tensors = tensors };
    }

    internal static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    internal DasSearchException Wrong(string problem) => new($"{Name} {problem}");

    /// <summary>The sizes of a tensor that has so many.</summary>
    internal IReadOnlyList<long> Shape(string name, int dimensions)
    {
        var shape = Shapes.TryGetValue(name, out var found) ? found : throw Wrong($"lacks {name}: it is no {Model}'s");
        return shape.Count == dimensions && shape.All(size => size is > 0 and <= int.MaxValue)
            ? shape
            : throw Wrong($"has {name} of shape {Text(shape)}, expected {dimensions} dimensions");
    }

    /// <summary>Checks that all parameters of a network are there, before any is built: sizes that one tensor claims, another may not have.</summary>
    /// <param name="adapts">Whether a tensor of another shape can be made to fit a parameter.</param>
    /// <exception cref="DasSearchException">One is not, or has another shape.</exception>
    internal void CheckShapes(IEnumerable<ParameterShape> parameters, Func<ParameterShape, IReadOnlyList<long>, bool> adapts)
    {
        foreach (var parameter in parameters)
        {
            var shape = Shapes.TryGetValue(parameter.Name, out var found) ? found : throw Wrong($"lacks {parameter.Name}");
            if (!shape.SequenceEqual(parameter.Shape) && !adapts(parameter, shape))
            {
                throw Wrong($"has {parameter.Name} of shape {Text(shape)}, expected {Text(parameter.Shape)}");
            }
        }
    }

    /// <summary>Puts its tensors in the place of a network's parameters.</summary>
    /// <param name="adapted">A tensor as it fits a parameter of a name.</param>
    /// <returns>What the network does not have.</returns>
    internal Dictionary<string, Tensor> Fill(nn.Module network, Func<string, Tensor, Tensor, Tensor> adapted)
    {
        var rest = Tensors.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, parameter) in network.named_parameters())
        {
            _ = rest.Remove(name, out var saved);
            CheckpointFile.CopyWeights(Name, name, adapted(name, saved!, parameter), parameter);
        }

        return rest;
    }

    /// <summary>How many layers there are under names such as <c>blocks.3.…</c>.</summary>
    /// <param name="prefix">What stands before a layer's number.</param>
    /// <exception cref="DasSearchException">There are none, or one is missing among them.</exception>
    internal int Layers(string prefix)
    {
        var numbers = Shapes.Keys
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..].Split('.')[0])
            .Select(static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(static number => number >= 0)
            .Distinct().Order().ToList();
        for (var layer = 0; layer < numbers.Count; layer++)
        {
            if (numbers[layer] != layer)
            {
                throw Wrong($"has {prefix}{numbers[layer]}, but lacks {prefix}{layer}: a shard is missing, or layers were left out and the rest not renumbered");
            }
        }

        return numbers.Count > 0 ? numbers.Count : throw Wrong($"lacks {prefix}0: it is no {Model}'s");
    }

    internal double? Probability(string name) => Metadata.GetValueOrDefault(name) is not { } text
        ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1
            ? number
            : throw Wrong($"says in its metadata that {name} is '{text}', expected a number from 0 up to, without, 1");

    internal int? Count(string name) => Metadata.GetValueOrDefault(name) is not { } text
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
            ? number
            : throw Wrong($"says in its metadata that {name} is '{text}', expected a positive integer");

    /// <summary>What the checkpoint has, which what was asked for must not contradict.</summary>
    /// <exception cref="ConfigException">It does.</exception>
    internal T Agreed<T>(string key, T? wanted, T found)
        where T : struct, IFormattable => wanted is not { } asked || asked.Equals(found)
            ? found
            : throw new ConfigException(key, string.Create(CultureInfo.InvariantCulture, $"is {asked}, but {Name} has {found}"));
}
