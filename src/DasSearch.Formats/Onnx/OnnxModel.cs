using DasSearch.Core;

namespace DasSearch.Formats.Onnx;

/// <summary>What lies in an ONNX file: its weights (initialisers), which are read when they are asked for, and the graph's nodes. Nothing is computed.</summary>
/// <remarks>
/// The messages and the numbers of their fields are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. Graphs within nodes
/// (branches, loops) and functions are passed over.
/// </remarks>
public sealed class OnnxModel
{
    private readonly Dictionary<string, WeightTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ByteRange> _beside = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<string> _inputs = [];
    private readonly List<string> _outputs = [];
    private readonly ByteRange _bytes;

    private OnnxModel(ByteRange bytes)
    {
        _bytes = bytes;
        using var reader = new ProtocolReader(bytes);
        var graphs = 0;
        reader.Fields(field =>
        {
            switch (field)
            {
                case 7:
                    graphs++;
                    reader.Message(part => ReadGraph(reader, part));
                    return true;
                case 14:
                    OnnxTexts.Read(reader, _metadata);
                    return true;
                default:
                    return false;
            }
        });
        if (graphs != 1)
        {
            throw new DasSearchException($"{bytes.Source} is no ONNX model: it has {graphs} graphs, expected one");
        }

        _inputs.RemoveAll(_tensors.ContainsKey); // Older versions of the format list weights among them.
        WeightChecks.Total(bytes.Source, bytes.Length + _beside.Values.Sum(static file => file.Length), _tensors.Values);
    }

    /// <summary>What messages call it.</summary>
    public string Source => _bytes.Source;

    /// <summary>The weights by name.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Tensors => _tensors;

    /// <summary>The operations, each after those whose results it reads.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The names of what the graph is given, without weights.</summary>
    public IReadOnlyList<string> Inputs => _inputs;

    /// <summary>The names of what it computes.</summary>
    public IReadOnlyList<string> Outputs => _outputs;

    /// <summary>Free texts by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Reads a file's graph; weights may lie in files beside it.</summary>
    /// <exception cref="DasSearchException">There is no such file, or it is not sound.</exception>
    public static OnnxModel Open(string path) => Read(ByteRange.OfFile(path, InputKind.OnnxModel));

    /// <summary>Reads the graph of a model that lies in other bytes, such as a resource within a program.</summary>
    /// <exception cref="DasSearchException">It is not sound.</exception>
    public static OnnxModel Read(ByteRange bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new OnnxModel(bytes);
    }

    private bool ReadGraph(ProtocolReader reader, int field)
    {
        switch (field)
        {
            case 1:
                _nodes.Add(ReadNode(reader));
                return true;
            case 5:
                var tensor = ReadTensor(reader);
                return _tensors.TryAdd(tensor.Name, tensor) ? true : throw new DasSearchException($"{Source} has tensor {tensor.Name} twice");
            case 11:
                _inputs.Add(ReadName(reader));
                return true;
            case 12:
                _outputs.Add(ReadName(reader));
                return true;
            case 15:
                throw new DasSearchException($"{Source} has sparse tensors, expected dense ones");
            default:
                return false;
        }
    }

    private static string ReadName(ProtocolReader reader)
    {
        var name = "";
        reader.Message(field =>
        {
            if (field != 1)
            {
                return false;
            }

            name = reader.Text();
            return true;
        });
        return name;
    }

    private OnnxNode ReadNode(ProtocolReader reader)
    {
        var (inputs, outputs) = (new List<string>(), new List<string>());
        var attributes = new Dictionary<string, OnnxSetting>(StringComparer.Ordinal);
        var (name, type, domain) = ("", "", "");
        reader.Message(field =>
        {
            switch (field)
            {
                case 1:
                    inputs.Add(reader.Text());
                    return true;
                case 2:
                    outputs.Add(reader.Text());
                    return true;
                case 3:
                    name = reader.Text();
                    return true;
                case 4:
                    type = reader.Text();
                    return true;
                case 5:
                    var attribute = ReadAttribute(reader);
                    return attributes.TryAdd(attribute.Name, attribute)
                        ? true
                        : throw new DasSearchException($"{Source} has node {name} ({type}) with attribute {attribute.Name} twice");
                case 7:
                    domain = reader.Text();
                    return true;
                default:
                    return false;
            }
        });
        return type.Length > 0
            ? new OnnxNode(name, type, inputs, outputs, attributes) { Domain = domain }
            : throw new DasSearchException($"{Source} has node {name}, the {_nodes.Count + 1}th, without an operator");
    }

    private OnnxSetting ReadAttribute(ProtocolReader reader)
    {
        var found = new OnnxSetting("");
        var (integers, floats, texts) = (new List<long>(), new List<float>(), new List<string>());
        reader.Message(field =>
        {
            switch (field)
            {
                case 1:
                    found = found with { Name = reader.Text() };
                    return true;
                case 2:
                    found = found with { Real = reader.Float() };
                    return true;
                case 3:
                    found = found with { Whole = reader.Integer() };
                    return true;
                case 4:
                    found = found with { Text = reader.Text() };
                    return true;
                case 5:
                    found = found with { Tensor = ReadTensor(reader) };
                    return true;
                case 7:
                    reader.Floats(floats);
                    return true;
                case 8:
                    reader.Integers(integers);
                    return true;
                case 9:
                    texts.Add(reader.Text());
                    return true;
                default:
                    return false;
            }
        });
        return found with { Wholes = integers, Reals = floats, Texts = texts };
    }

    private WeightTensor ReadTensor(ProtocolReader reader) => new OnnxTensor(_bytes, reader, Beside).Read();

    private ByteRange Beside(string name)
    {
        if (_bytes.Folder is not { } folder)
        {
            throw new DasSearchException($"{Source} has weights in {name}, but there is no folder in which that could be");
        }

        if (!_beside.TryGetValue(name, out var file))
        {
            _beside.Add(name, file = ByteRange.OfFile(Path.Combine(folder, name), InputKind.Any));
        }

        return file;
    }
}
