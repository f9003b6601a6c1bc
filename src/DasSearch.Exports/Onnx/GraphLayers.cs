using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>The layers of which Transformers are made, in ONNX's operations.</summary>
/// <param name="weights">The weights by name: a layer is called as its weights are.</param>
internal sealed class GraphLayers(NetworkGraph graph, IReadOnlyDictionary<string, WeightTensor> weights)
{
    /// <summary>x Wᵀ + b, or x W₀ᵀ W₁ᵀ + b for one of a low rank: [*, in] to [*, out].</summary>
    internal string Linear(string name, string x)
    {
        if (!weights.ContainsKey(name + ".weight"))
        {
            return Linear(name + ".1", Product(name + ".0", x));
        }

        return graph.Add(name, "Add", [Product(name, x), Weight(name + ".bias")]);
    }

    /// <summary>Normalises over the last dimension, then scales and shifts.</summary>
    internal string Norm(string name, string x, float epsilon) => graph.Add(
        name,
        "LayerNormalization",
        [x, Weight(name + ".weight"), Weight(name + ".bias")],
        new OnnxAttribute("axis", Integer: -1),
        new OnnxAttribute("epsilon", Number: epsilon));

    /// <summary>x · ½ (1 + erf(x / √2)), the exact form; operator sets before 20 have no Gelu.</summary>
    internal string Gelu(string place, string x)
    {
        var error = graph.Add(place, "Erf", [Divide(place, x, MathF.Sqrt(2))]);
        var onePlus = Add(place, error, Constant(1));
        return Multiply(place, graph.Add(place, "Mul", [x, onePlus]), 0.5f);
    }

    internal string Add(string place, string a, string b) => graph.Add(place, "Add", [a, b]);

    internal string Multiply(string place, string x, float factor) => graph.Add(place, "Mul", [x, Constant(factor)]);

    internal string Reshape(string place, string x, params long[] shape) => graph.Add(place, "Reshape", [x, Integers(shape)]);

    internal string Transpose(string place, string x, params long[] order) =>
        graph.Add(place, "Transpose", [x], new OnnxAttribute("perm", Integers: order));

    internal string Concat(string place, int axis, params string[] parts) =>
        graph.Add(place, "Concat", parts, new OnnxAttribute("axis", Integer: axis));

    /// <summary>One size of a tensor: [1].</summary>
    internal string Size(string place, string x, int axis) => graph.Add(
        place, "Shape", [x], new OnnxAttribute("start", Integer: axis), new OnnxAttribute("end", Integer: axis + 1));

    /// <summary>One part of a tensor along an axis, which is gone then.</summary>
    internal string Pick(string place, string x, int axis, int index) => graph.Add(
        place,
        "Gather",
        [x, graph.Tensor(OnnxTensor.Scalar(FormattableString.Invariant($"index {index}"), index))],
        new OnnxAttribute("axis", Integer: axis));

    /// <summary>The first so many, [1], along an axis.</summary>
    internal string First(string place, string x, int axis, string count) => graph.Add(place, "Slice", [x, Integers(0), count, Integers(axis)]);

    /// <summary>x M of a matrix made of weights: [*, in] to [*, out].</summary>
    /// <param name="name">What the matrix is called.</param>
    /// <param name="matrix">[in, out].</param>
    internal string Times(string place, string x, string name, IReadOnlyList<long> shape, Func<float[]> matrix) =>
        graph.Add(place, "MatMul", [x, graph.Tensor(OnnxTensor.Of(name, shape, matrix))]);

    /// <summary>A weight as the checkpoint has it.</summary>
    internal string Weight(string name) => graph.Tensor(OnnxTensor.Of(weights[name]));

    /// <summary>A row of a table: [width].</summary>
    internal string Row(string name, int row)
    {
        var table = weights[name];
        var width = (int)table.Shape[^1];
        return graph.Tensor(OnnxTensor.Of(
            FormattableString.Invariant($"{name}[{row}]"), [width], () => table.Floats()[(row * width)..((row + 1) * width)]));
    }

    internal string Constant(float number) =>
        graph.Tensor(OnnxTensor.Of(FormattableString.Invariant($"constant {number}"), [], () => [number]));

    internal string Integers(params long[] numbers) => graph.Tensor(OnnxTensor.Of($"[{string.Join(", ", numbers)}]", numbers));

    private string Product(string name, string x) =>
        graph.Add(name, "MatMul", [x, graph.Tensor(OnnxTensor.Transposed(weights[name + ".weight"]))]);

    private string Divide(string place, string x, float divisor) => graph.Add(place, "Div", [x, Constant(divisor)]);
}
