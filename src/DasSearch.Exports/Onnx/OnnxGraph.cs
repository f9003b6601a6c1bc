using System.Runtime.InteropServices;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>A network under construction: inputs, operations and tensors, each value known by its name.</summary>
/// <remarks>The operations are those of ONNX, https://onnx.ai/onnx/operators, in version <see cref="Version"/> of the set.</remarks>
internal sealed class NetworkGraph
{
    /// <summary>The version of the operator set: the first with LayerNormalization.</summary>
    internal const int Version = 17;

    private readonly List<OnnxValue> _inputs = [];
    private readonly List<OnnxValue> _outputs = [];
    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);

    /// <summary>What the network reads.</summary>
    internal IReadOnlyList<OnnxValue> Inputs => _inputs;

    /// <summary>What it gives.</summary>
    internal IReadOnlyList<OnnxValue> Outputs => _outputs;

    /// <summary>The operations, each after those whose results it takes.</summary>
    internal IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>Weights and constants, each once.</summary>
    internal IReadOnlyCollection<OnnxTensor> Tensors => _tensors.Values;

    /// <summary>Declares an input, and gives its name.</summary>
    internal string Input(OnnxValue input)
    {
        _inputs.Add(input);
        return input.Name;
    }

    /// <summary>Declares an output, which is a value under another name.</summary>
    internal void Output(OnnxValue output, string value)
    {
        _outputs.Add(output);
        _nodes.Add(new OnnxNode("Identity", output.Name, [value], output.Name, []));
    }

    /// <summary>Puts a tensor into the file, unless one of its name is there, and gives its name.</summary>
    internal string Tensor(OnnxTensor tensor)
    {
        _tensors.TryAdd(tensor.Name, tensor);
        return tensor.Name;
    }

    /// <summary>Adds an operation, and gives its result's name.</summary>
    /// <param name="place">Where in the network it is, such as <c>transformer.blocks.0.attn</c>.</param>
    internal string Add(string place, string operation, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes)
    {
        var name = Unique($"{place}/{operation}");
        _nodes.Add(new OnnxNode(operation, name, inputs, name, attributes));
        return name;
    }

    // What is computed for two images is there twice.
    private string Unique(string name)
    {
        var uses = _uses[name] = _uses.GetValueOrDefault(name) + 1;
        return uses == 1 ? name : FormattableString.Invariant($"{name}_{uses}");
    }
}

/// <summary>An operation of a graph.</summary>
/// <param name="Operation">What is done, such as <c>MatMul</c>.</param>
internal sealed record OnnxNode(
    string Operation, string Name, IReadOnlyList<string> Inputs, string Output, IReadOnlyList<OnnxAttribute> Attributes);

/// <summary>A setting of an operation: one of three kinds.</summary>
/// <param name="Number">A float; null for another kind.</param>
/// <param name="Integer">An integer; null for another kind.</param>
/// <param name="Integers">A list of integers; null for another kind.</param>
internal sealed record OnnxAttribute(string Name, float? Number = null, long? Integer = null, IReadOnlyList<long>? Integers = null);

/// <summary>An input or output of a graph.</summary>
/// <param name="Shape">Its sizes: a number, or the name of one that is not fixed.</param>
/// <param name="Meaning">What it is, for whoever reads the file.</param>
internal sealed record OnnxValue(string Name, OnnxType Type, IReadOnlyList<OnnxSize> Shape, string Meaning);

/// <summary>A size of a tensor.</summary>
/// <param name="Fixed">How much; null where only the caller knows.</param>
/// <param name="Name">What it is called there.</param>
internal readonly record struct OnnxSize(long? Fixed, string? Name)
{
    public static implicit operator OnnxSize(long size) => new(size, null);

    public static implicit operator OnnxSize(string name) => new(null, name);
}

/// <summary>A tensor that lies in the file: a weight, or a constant.</summary>
/// <param name="Bytes">How many bytes its numbers take.</param>
/// <param name="Read">Its bytes, little-endian and row-major.</param>
internal sealed record OnnxTensor(string Name, OnnxType Type, IReadOnlyList<long> Shape, long Bytes, Func<byte[]> Read)
{
    /// <summary>A weight as it is, as single-precision floats.</summary>
    internal static OnnxTensor Of(WeightTensor weight) => weight.Type == "F32"
        ? new OnnxTensor(weight.Name, OnnxType.Float, weight.Shape, weight.Bytes, weight.ToArray)
        : Of(weight.Name, weight.Shape, weight.Floats);

    /// <summary>The transpose of a linear layer's weight [out, in], for a product from the right.</summary>
    internal static OnnxTensor Transposed(WeightTensor weight)
    {
        var (rows, columns) = (weight.Shape[0], weight.Shape[1]);
        return Of(weight.Name + ".T", [columns, rows], () => Transpose(weight.Floats(), (int)rows, (int)columns));
    }

    /// <summary>Floats, made when they are written.</summary>
    internal static OnnxTensor Of(string name, IReadOnlyList<long> shape, Func<float[]> numbers) => new(
        name,
        OnnxType.Float,
        shape,
        shape.Aggregate((long)sizeof(float), static (bytes, size) => bytes * size),
        () => MemoryMarshal.AsBytes<float>(numbers()).ToArray());

    /// <summary>A list of integers, such as a shape.</summary>
    internal static OnnxTensor Of(string name, params long[] numbers) => new(
        name, OnnxType.Int64, [numbers.Length], sizeof(long) * numbers.LongLength, () => MemoryMarshal.AsBytes<long>(numbers).ToArray());

    /// <summary>A single integer, such as an index.</summary>
    internal static OnnxTensor Scalar(string name, long number) => Of(name, number) with { Shape = [] };

    /// <summary>A truth as a scalar.</summary>
    internal static OnnxTensor Of(string name, bool truth) => new(name, OnnxType.Bool, [], 1, () => [truth ? (byte)1 : (byte)0]);

    private static float[] Transpose(float[] numbers, int rows, int columns)
    {
        var transposed = new float[numbers.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                transposed[(column * rows) + row] = numbers[(row * columns) + column];
            }
        }

        return transposed;
    }
}

/// <summary>TensorProto.DataType, as far as it is used.</summary>
internal enum OnnxType
{
    /// <summary>Single-precision floats.</summary>
    Float = 1,

    /// <summary>Signed integers of 64 bits.</summary>
    Int64 = 7,

    /// <summary>Truths, a byte each.</summary>
    Bool = 9,
}
