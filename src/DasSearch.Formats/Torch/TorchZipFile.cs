using System.Globalization;
using System.Text;
using DasSearch.Core;

namespace DasSearch.Formats.Torch;

/// <summary>Checkpoints as <c>torch.save</c> writes them since PyTorch 1.6: a zip archive of a pickle, which is read as data, and the numbers of each storage.</summary>
/// <remarks>
/// What is under <c>state_dict</c> (PyTorch Lightning's), <c>model_state_dict</c> or <c>model</c> is taken; else all tensors of the
/// dictionary, those of dictionaries in it under names joined by dots. Texts and numbers beside them become metadata.
/// </remarks>
internal static class TorchZipFile
{
    private const string Pickle = "data.pkl";
    private const int MostPickle = 100_000_000;
    private const int MostDepth = 32;
    private const int LongestName = 65_536;

    private static readonly string[] _wrappers = ["state_dict", "model_state_dict", "model"];

    /// <exception cref="DasSearchException">The archive, its pickle or a tensor is not sound, or the pickle names what is no data.</exception>
    internal static WeightFile Read(ByteRange bytes)
    {
        var entries = ZipEntry.All(bytes).ToDictionary(static entry => entry.Name, static entry => entry.Bytes, StringComparer.Ordinal);
        var root = Root(bytes.Source, entries);
        var pickle = entries[root + Pickle];
        if (pickle.Length > MostPickle)
        {
            throw new DasSearchException($"{bytes.Source} has a pickle of {pickle.Length} bytes, expected at most {MostPickle}");
        }

        var content = new Unpickler(bytes.Source, pickle.ToArray()).Read() as PickleDictionary
            ?? throw new DasSearchException($"{bytes.Source} holds no dictionary, expected tensors by name: save the model's state_dict");
        var weights = _wrappers.Select(content.Find).OfType<PickleDictionary>().FirstOrDefault() ?? content;
        var collector = new Collector(bytes.Source, pickle.Length, key => entries.GetValueOrDefault(root + "data/" + key));
        collector.Add(weights, "", 0);
        WeightChecks.Total(bytes.Source, entries.Values.Sum(static entry => entry.Length), collector.Tensors.Values);
        return collector.Tensors.Count > 0
            ? new WeightFile(bytes.Source, collector.Tensors, Metadata(content))
            : throw new DasSearchException($"{bytes.Source} holds no tensors, expected a model's state_dict");
    }

    private static string Root(string source, Dictionary<string, ByteRange> entries)
    {
        var roots = entries.Keys
            .Where(static name => name.EndsWith("/" + Pickle, StringComparison.Ordinal) && name.IndexOf('/', StringComparison.Ordinal) == name.Length - Pickle.Length - 1)
            .Select(static name => name[..^Pickle.Length]).ToList();
        if (roots is not [var root])
        {
            throw new DasSearchException($"{source} has {roots.Count} files {Pickle}, expected one, as torch.save writes it");
        }

        if (entries.ContainsKey(root + "constants.pkl"))
        {
            throw new DasSearchException($"{source} is a TorchScript archive, which holds code: save its state_dict() by torch.save");
        }

        // Without it, numbers are little-endian.
        return entries.TryGetValue(root + "byteorder", out var order) && Encoding.UTF8.GetString(order.Slice(0, Math.Min(order.Length, 16)).ToArray()) is var said and not "little"
            ? throw new DasSearchException($"{source} has numbers of byte order '{said}', expected 'little'")
            : root;
    }

    private static Dictionary<string, string> Metadata(PickleDictionary content)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in content.Entries)
        {
            if (key is string name && value is string or long or double or bool)
            {
                texts[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
            }
        }

        return texts;
    }

    private sealed class Collector(string source, long most, Func<string, ByteRange?> storage)
    {
        private readonly Dictionary<string, WeightTensor> _tensors = new(StringComparer.Ordinal);
        private long _seen;

        internal IReadOnlyDictionary<string, WeightTensor> Tensors => _tensors;

        // Dictionaries may lie in several others, and in themselves: so there is an end to depth and to number.
        internal void Add(PickleDictionary dictionary, string prefix, int depth)
        {
            foreach (var (key, value) in dictionary.Entries)
            {
                if (++_seen > most || depth > MostDepth)
                {
                    throw new DasSearchException($"{source} has dictionaries that lie in each other, expected tensors by name");
                }

                var own = key is string or long ? Convert.ToString(key, CultureInfo.InvariantCulture)! : "?";
                if (prefix.Length + own.Length > LongestName)
                {
                    throw new DasSearchException($"{source} has a tensor whose name has more than {LongestName} characters");
                }

                var name = prefix + own;
                switch (value)
                {
                    case PickleDictionary inner:
                        Add(inner, name + ".", depth + 1);
                        break;
                    case TorchTensor tensor:
                        var made = Tensor(name, tensor);
                        _ = _tensors.TryAdd(name, made) ? made : throw new DasSearchException($"{source} has tensor {name} twice");
                        break;
                }
            }
        }

        private WeightTensor Tensor(string name, TorchTensor tensor)
        {
            var numbers = storage(tensor.Storage.Key)
                ?? throw new DasSearchException($"{source} has tensor {name} of storage {tensor.Storage.Key}, which it does not have");
            var size = tensor.Storage.Type is { } type && WeightTypes.Has(type) ? WeightTypes.Size(type) : 1;
            return (Int128)tensor.Storage.Count * size <= numbers.Length
                ? StridedTensor.Of(name, tensor.Type, tensor.Shape, numbers, tensor.Offset, tensor.Strides)
                : throw new DasSearchException(
                    $"{source} has tensor {name} of a storage of {tensor.Storage.Count} numbers, for which its {numbers.Length} bytes are too few");
        }
    }
}
