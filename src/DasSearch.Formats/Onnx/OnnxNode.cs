namespace DasSearch.Formats.Onnx;

/// <summary>An operation of a graph.</summary>
/// <param name="Name">Its name; often empty.</param>
/// <param name="Type">What it does, such as <c>MatMul</c>.</param>
/// <param name="Inputs">The names of what it reads; empty for what was left out.</param>
/// <param name="Outputs">The names of what it computes.</param>
/// <param name="Attributes">What else it is told, by name.</param>
public sealed record OnnxNode(
    string Name, string Type, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, OnnxSetting> Attributes)
{
    /// <summary>The set of operators that the type is of; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";
}

/// <summary>What an operation is told: one of these, by its type.</summary>
public sealed record OnnxSetting(string Name)
{
    public long Whole { get; init; }

    public float Real { get; init; }

    public string Text { get; init; } = "";

    public IReadOnlyList<long> Wholes { get; init; } = [];

    public IReadOnlyList<float> Reals { get; init; } = [];

    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>What a <c>Constant</c> is; null for anything else.</summary>
    public WeightTensor? Tensor { get; init; }
}
