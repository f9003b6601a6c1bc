using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Models.Checkpoints;

/// <summary>What a checkpoint's tensors and texts tell of a network, and how that is said where they do not fit it.</summary>
/// <param name="Path">What messages call the checkpoint.</param>
/// <param name="Kind">What it is to be a checkpoint of.</param>
/// <param name="Shapes">The shape of each tensor, by official names.</param>
/// <param name="Metadata">Free texts by name.</param>
internal sealed record CheckpointSource(
    string Path, CheckpointKind Kind, IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes, IReadOnlyDictionary<string, string> Metadata)
{
    private WeightFile? _file;

    /// <summary>What messages call it.</summary>
    internal string Name => $"checkpoint {Path}";

    /// <summary>The tensors' names as the file has them.</summary>
    internal IEnumerable<string> OwnNames { get; private init; } = Shapes.Keys;

    internal static CheckpointSource Read(string path, CheckpointKind kind)
    {
        var own = WeightFile.Open(path);
        var file = kind.Official(own);
        var shapes = file.Tensors.ToDictionary(static entry => entry.Key, static entry => entry.Value.Shape, StringComparer.Ordinal);
        return new CheckpointSource(path, kind, shapes, file.Metadata) { _file = file, OwnNames = own.Tensors.Keys };
    }

    /// <summary>Holds the names and shapes against those that a network has: all that does not fit is told at once.</summary>
    /// <param name="needed">What must be there.</param>
    /// <param name="known">Names of what may be there, and is needed by other networks of the kind.</param>
    /// <returns>A sentence on names that no network of the kind has; null where there are none.</returns>
    /// <exception cref="DasSearchException">Something is missing, of another shape, or there twice.</exception>
    internal string? Check(IEnumerable<ParameterShape> needed, IEnumerable<string> known)
    {
        var (missing, misshapen) = (new List<string>(), new List<string>());
        var names = known.ToHashSet(StringComparer.Ordinal);
        foreach (var (name, expected) in needed)
        {
            names.Add(name);
            if (!Shapes.TryGetValue(name, out var shape))
            {
                missing.Add(name);
            }
            else if (!shape.SequenceEqual(expected) && Kind.TableOf(name)?.Fits(shape, expected) != true)
            {
                misshapen.Add($"{name} of shape {Text(shape)}, expected {Text(expected)}");
            }
        }

        List<string> unexpected = [.. Shapes.Keys.Where(name => !names.Contains(name) && !Kind.MayHave(name)).Order(StringComparer.Ordinal)];
        var problems = new NameProblems(Kind.Name, missing, misshapen, _file?.Twice ?? [], unexpected);
        return problems.Message is { } problem ? throw Wrong(problem) : problems.LeftOut is { } others ? $"{Name} {others}: left out" : null;
    }

    /// <summary>Puts the weights in the place of a network's parameters; what it does not have is handed on.</summary>
    /// <remarks>It was read from a file, and its names and shapes checked. One tensor after the other is in memory besides.</remarks>
    /// <exception cref="DasSearchException">Some cannot be read, are no floating numbers, or not finite.</exception>
    /// <param name="isOwn">Whether a parameter is in checkpoints; all are where this is null.</param>
    internal Dictionary<string, Tensor> Fill(nn.Module network, Func<string, bool>? isOwn = null)
    {
        var own = network.named_parameters().Where(entry => isOwn?.Invoke(entry.name) != false).ToDictionary(static entry => entry.name, static entry => (Tensor)entry.parameter);
        Put(own);
        return _file!.Tensors.Where(entry => !own.ContainsKey(entry.Key)).ToDictionary(static entry => entry.Key, static entry => CheckpointFile.TensorOf(entry.Value), StringComparer.Ordinal);
    }

    /// <summary>The same without what is handed on, which is then never read.</summary>
    /// <param name="own">The network's parameters and buffers by name.</param>
    /// <exception cref="DasSearchException">As of <see cref="Fill"/>.</exception>
    internal void Put(IReadOnlyDictionary<string, Tensor> own)
    {
        foreach (var (name, parameter) in own)
        {
            using var scope = NewDisposeScope();
            var saved = CheckpointFile.TensorOf(_file!.Tensors[name]);
            CheckpointFile.CopyWeights(Name, name, saved.shape.SequenceEqual(parameter.shape) ? saved : Kind.TableOf(name)!.Resize(saved, parameter.shape), parameter);
        }
    }

    internal static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    internal DasSearchException Wrong(string problem) => new($"{Name} {problem}");

    /// <summary>The sizes of a tensor that has so many.</summary>
    internal IReadOnlyList<long> Shape(string name, int dimensions)
    {
        var shape = Shapes.TryGetValue(name, out var found) ? found : throw Wrong($"lacks {name}: it is no {Kind.Name}'s");
        return shape.Count == dimensions && shape.All(size => size is > 0 and <= int.MaxValue)
            ? shape
            : throw Wrong($"has {name} of shape {Text(shape)}, expected {dimensions} dimensions");
    }

    /// <summary>How many layers there are under names such as <c>blocks.3.…</c>.</summary>
    /// <param name="prefix">What stands before a layer's number.</param>
    /// <exception cref="DasSearchException">There are none, or one is missing among them.</exception>
    internal int Layers(string prefix)
    {
        var numbers = LayerNumbers(prefix);
        for (var layer = 0; layer < numbers.Count; layer++)
        {
            if (numbers[layer] != layer)
            {
                throw Wrong($"has {prefix}{numbers[layer]}, but lacks {prefix}{layer}: a shard is missing, or layers were left out and the rest not renumbered");
            }
        }

        return numbers.Count > 0 ? numbers.Count : throw Wrong($"lacks {prefix}0: it is no {Kind.Name}'s");
    }

    /// <summary>How many there are where those need not be there that a plan skips: as many as the plan knows, unless there are more.</summary>
    /// <exception cref="DasSearchException">There are more, and one is missing among them.</exception>
    internal int Layers(string prefix, int planned) => LayerNumbers(prefix).All(number => number < planned) ? planned : Layers(prefix);

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

    /// <summary>How many heads it has: as its metadata says, else as was asked for, else each 64 wide.</summary>
    /// <exception cref="ConfigException">Nobody says, and the width is not so many times 64; or what was asked for is something else.</exception>
    internal int Heads(int? wanted, int width) => Count("heads") is { } said
        ? Agreed("model.heads", wanted, said)
        : wanted ?? ViltCheckpoint.UsualHeads(width) ?? throw new ConfigException(
            "model.heads",
            $"must be set: {Name} does not say how many heads it has, and its width, {width}, is not so many times {ViltCheckpoint.HeadWidth}; "
            + "any divisor fits the weights, but only the one that they were trained with makes them the same network");

    /// <summary>What the checkpoint has, which what was asked for must not contradict.</summary>
    /// <exception cref="ConfigException">It does.</exception>
    internal T Agreed<T>(string key, T? wanted, T found)
        where T : struct, IFormattable => wanted is not { } asked || asked.Equals(found)
            ? found
            : throw new ConfigException(key, string.Create(CultureInfo.InvariantCulture, $"is {asked}, but {Name} has {found}"));

    private List<int> LayerNumbers(string prefix) =>
    [
        .. Shapes.Keys
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..].Split('.')[0])
            .Select(static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(static number => number >= 0)
            .Distinct().Order(),
    ];
}
