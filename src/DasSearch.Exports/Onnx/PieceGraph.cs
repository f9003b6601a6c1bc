using System.Runtime.InteropServices;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>What a transfer method has at a ViLT's places, in a graph; without it there is nothing at them.</summary>
internal sealed class PieceGraph(NetworkGraph graph, GraphLayers layers, PlannedVilt network)
{
    /// <summary>A Linear with what is around it.</summary>
    internal string Linear(string place, string x) => Project(place, x, input => layers.Linear(place, input));

    /// <summary>The result of a Linear, norm or convolution, with what is around it.</summary>
    internal string Project(string place, string x, Func<string, string> own)
    {
        var pieces = network.At(place).ToList();
        var read = pieces.Where(static piece => piece.Kind == PieceKind.Pia).Aggregate(x, Pia);
        return pieces.Aggregate(own(read), (output, piece) => piece.Kind switch
        {
            PieceKind.Lora => layers.Add(piece.Name, output, Update(piece, x)),
            PieceKind.ScaleShift => ScaledAndShifted(piece, output),
            PieceKind.ClassToken => WithFirst(piece, output),
            _ => output,
        });
    }

    /// <summary>A sub-layer's result, with what is at it; the residual is added afterwards.</summary>
    internal string Join(string place, string stream, string read, string output) => network.At(place).Aggregate(output, (given, piece) =>
    {
        var input = piece.Reads switch
        {
            PieceInput.Stream => stream,
            PieceInput.Read => read,
            PieceInput.Sum => layers.Add(piece.Name, stream, given),
            _ => given,
        };
        return piece.Kind switch
        {
            PieceKind.Adapter => layers.Add(piece.Name, given, Adapted(piece, input)),
            PieceKind.Apt => Prompted(piece, input, given),
            PieceKind.Channels => layers.Add(piece.Name, given, Channels(piece, input)),
            _ => given,
        };
    });

    /// <summary>What stands in place of a module: x + A(x), or x.</summary>
    internal string Replace(string module, string x) => network.At(module).Aggregate(x, (stream, piece) => piece.Kind switch
    {
        PieceKind.AdapterInPlace => layers.Add(piece.Name, stream, Adapted(piece, stream)),
        PieceKind.PiaInPlace => layers.Add(piece.Name, stream, InPlace(piece, stream)),
        _ => stream,
    });

    /// <summary>With the tokens that are added there, which nothing masks; the same where there are none.</summary>
    internal GraphState Extend(string place, GraphState state) =>
        network.At(place).FirstOrDefault(static piece => piece.Kind is PieceKind.Prompts or PieceKind.StayingPrompts) is { } piece
            ? Extended(piece.Of(piece.Kind == PieceKind.Prompts ? "prompts" : "0"), state)
            : state;

    // s · up(relu(down(norm x)))
    private string Adapted(PlannedPiece piece, string x)
    {
        var norm = piece.Of("adapter_layer_norm_before");
        var read = network.Weights.ContainsKey(norm + ".weight") ? layers.Norm(norm, x, BlockGraph.AdapterEpsilon) : x;
        var inner = graph.Add(piece.Name, "Relu", [layers.Linear(piece.Of("down_proj"), read)]);
        return Scaled(piece, layers.Linear(piece.Of("up_proj"), inner));
    }

    // s · B A x for the rows of queries and values; 0 for the keys'.
    private string Update(PlannedPiece piece, string x)
    {
        var (queryA, valueA) = (Weight(piece, "lora_A.query.weight"), Weight(piece, "lora_A.value.weight"));
        var (queryB, valueB) = (Weight(piece, "lora_B.query.weight"), Weight(piece, "lora_B.value.weight"));
        var (width, output, rank, both) = (queryA.Shape[1], queryB.Shape[0], queryA.Shape[0], queryA.Shape[0] + valueA.Shape[0]);
        var inner = layers.Times(
            piece.Name, x, piece.Of("lora_A.T"), [width, both], () => Matrix(width, both).PutTransposed(0, 0, queryA).PutTransposed(0, rank, valueA).Numbers);
        return Scaled(piece, layers.Times(
            piece.Name,
            inner,
            piece.Of("lora_B.T"),
            [both, 3 * output],
            () => Matrix(both, 3 * output).PutTransposed(0, 0, queryB).PutTransposed(rank, 2 * output, valueB).Numbers));
    }

    private string ScaledAndShifted(PlannedPiece piece, string y) =>
        layers.Add(piece.Name, graph.Add(piece.Name, "Mul", [y, layers.Weight(piece.Of("ssf_scale"))]), layers.Weight(piece.Of("ssf_shift")));

    // (output + α ⊙ relu(read Kᵀ) P') · eˢ
    private string Prompted(PlannedPiece piece, string read, string output)
    {
        var tokens = layers.Weight(piece.Of("mm_tokens")); // P' [prompts, width]
        var changed = PlannedPiece.KeyLayers.Select(piece.Of).Where(layer => network.Weights.ContainsKey(layer + ".weight"))
            .Aggregate(tokens, (x, layer) => graph.Add(piece.Name, "MatMul", [x, graph.Tensor(OnnxTensor.Transposed(network.Weights[layer + ".weight"]))]));
        var keys = changed == tokens ? tokens : layers.Add(piece.Name, tokens, changed);
        var scores = graph.Add(piece.Name, "Relu", [graph.Add(piece.Name, "MatMul", [read, layers.Transpose(piece.Name, keys, 1, 0)])]);
        var change = graph.Add(piece.Name, "MatMul", [scores, tokens]);
        change = piece.Alpha switch
        {
            "token" or "token-grad" => graph.Add(piece.Name, "Mul", [change, Largest(piece, scores, new OnnxAttribute("axes", Integers: [-1]))]),
            "key" => graph.Add(piece.Name, "Mul", [change, Largest(piece, keys)]),
            "none" => change,
            _ => throw new ExportException($"{piece.Name} has prompts weighed by {piece.Alpha}, which ONNX files of das cannot express"),
        };
        var scale = graph.Add(piece.Name, "Exp", [layers.Weight(piece.Of("scale"))]);
        return graph.Add(piece.Name, "Mul", [layers.Add(piece.Name, output, change), scale]);
    }

    // L x' of the chosen channels x', at their places, and 0 elsewhere.
    private string Channels(PlannedPiece piece, string x)
    {
        var (weight, channels) = (Weight(piece, "weight"), Whole(Weight(piece, "channels")));
        long count = weight.Shape[0], width = network.Config.Width;
        var chosen = graph.Add(piece.Name, "Gather", [x, graph.Tensor(OnnxTensor.Of(piece.Of("channels"), channels))], new OnnxAttribute("axis", Integer: -1));
        var change = layers.Times(piece.Name, chosen, piece.Of("weight.T"), [count, width], () => Matrix(count, width).PutTransposed(channels, weight).Numbers);
        if (!network.Weights.TryGetValue(piece.Of("bias"), out var bias))
        {
            return change;
        }

        var shift = graph.Tensor(OnnxTensor.Of(piece.Of("bias of all"), [width], () => Matrix(1, width).PutTransposed(channels, bias).Numbers));
        return layers.Add(piece.Name, change, shift);
    }

    private GraphState Extended(string name, GraphState state)
    {
        var prompts = network.Weights[name]; // [tokens, width]
        var batch = layers.Size(name, state.Stream, 0);
        var tokens = graph.Add(name, "Expand", [layers.Weight(name), layers.Concat(name, 0, batch, layers.Integers([.. prompts.Shape]))]);
        var bias = graph.Add(name, "Expand", [layers.Constant(0), layers.Concat(name, 0, batch, layers.Integers(1, 1, prompts.Shape[0]))]);
        return new GraphState(layers.Concat(name, 1, state.Stream, tokens), layers.Concat(name, 3, state.KeyBias, bias));
    }

    private string WithFirst(PlannedPiece piece, string text)
    {
        var name = piece.Of("token4classifier");
        var token = graph.Add(name, "Expand", [layers.Weight(name), layers.Concat(name, 0, layers.Size(name, text, 0), layers.Integers(1, 1))]);
        var rest = graph.Add(name, "Slice", [text, layers.Integers(1), layers.Integers(int.MaxValue), layers.Integers(1)]);
        return layers.Concat(name, 1, token, rest);
    }

    // x + s · B(A x)
    private string Pia(string x, PlannedPiece piece) => layers.Add(piece.Name, x, Grouped(piece, layers.Linear(piece.Of("conv_A"), x)));

    // s · B(½ (C x + mean over tokens of A x))
    private string InPlace(PlannedPiece piece, string x)
    {
        var mean = graph.Add(
            piece.Name, "ReduceMean", [layers.Linear(piece.Of("conv_A"), x)], new OnnxAttribute("axes", Integers: [1]), new OnnxAttribute("keepdims", Integer: 1));
        return Grouped(piece, layers.Multiply(piece.Name, layers.Add(piece.Name, layers.Linear(piece.Of("conv_C"), x), mean), 0.5f));
    }

    // s · B z: a convolution of one pixel in two groups, so that half of the outputs see half of the inputs.
    private string Grouped(PlannedPiece piece, string x)
    {
        var weight = Weight(piece, "conv_B.weight"); // [width, inner / 2]
        var (rows, half) = (weight.Shape[0] / 2, weight.Shape[1]);
        var product = layers.Times(
            piece.Name,
            x,
            piece.Of("conv_B.weight.T"),
            [2 * half, 2 * rows],
            () => Matrix(2 * half, 2 * rows).PutTransposed(0, 0, weight, count: rows).PutTransposed(half, rows, weight, rows, rows).Numbers);
        return Scaled(piece, layers.Add(piece.Name, product, layers.Weight(piece.Of("conv_B.bias"))));
    }

    private string Scaled(PlannedPiece piece, string x) => piece.Scale == 1 ? x : layers.Multiply(piece.Name, x, (float)piece.Scale);

    private string Largest(PlannedPiece piece, string x, params OnnxAttribute[] axes) =>
        graph.Add(piece.Name, "ReduceMax", [x], [.. axes, new OnnxAttribute("keepdims", Integer: axes.Length)]);

    private WeightTensor Weight(PlannedPiece piece, string name) => network.Weights[piece.Of(name)];

    private static WeightMatrix Matrix(long rows, long columns) => new((int)rows, (int)columns);

    private static long[] Whole(WeightTensor tensor) => MemoryMarshal.Cast<byte, long>(tensor.ToArray()).ToArray();
}
