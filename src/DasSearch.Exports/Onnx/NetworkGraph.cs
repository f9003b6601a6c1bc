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
    /// <param name="operation">What is done.</param>
    /// <param name="inputs">The names of what it is done to.</param>
    /// <param name="attributes">Settings: long, float, or a list of long.</param>
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
/// <param name="Name">Its own name.</param>
/// <param name="Inputs">The names of what it is done to.</param>
/// <param name="Output">Its result's name.</param>
/// <param name="Attributes">Its settings.</param>
internal sealed record OnnxNode(
    string Operation, string Name, IReadOnlyList<string> Inputs, string Output, IReadOnlyList<OnnxAttribute> Attributes);

/// <summary>A setting of an operation: one of three kinds.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Number">A float; null for another kind.</param>
/// <param name="Integer">An integer; null for another kind.</param>
/// <param name="Integers">A list of integers; null for another kind.</param>
internal sealed record OnnxAttribute(string Name, float? Number = null, long? Integer = null, IReadOnlyList<long>? Integers = null);

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its numbers' type.</param>
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
