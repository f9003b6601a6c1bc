using DasSearch.Models.Checkpoints;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>Runs an exported model in ONNX Runtime.</summary>
internal static class OnnxModel
{
    /// <summary>The logits of every row.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="inputs">A safetensors file with the model's inputs by their names.</param>
    internal static IReadOnlyList<float[]> Run(string model, string inputs)
    {
        using var scope = NewDisposeScope();
        using var session = new InferenceSession(model);
        using var options = new RunOptions();
        var values = CheckpointFile.Read(inputs).Tensors.ToDictionary(entry => entry.Key, entry => ValueOf(entry.Value));
        try
        {
            using var results = session.Run(options, values, ["logits"]);
            var width = (int)results[0].GetTensorTypeAndShape().Shape[1];
            return [.. results[0].GetTensorDataAsSpan<float>().ToArray().Chunk(width)];
        }
        finally
        {
            foreach (var value in values.Values)
            {
                value.Dispose();
            }
        }
    }

    private static OrtValue ValueOf(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Float32 => OrtValue.CreateTensorValueFromMemory(tensor.data<float>().ToArray(), tensor.shape),
        ScalarType.Int64 => OrtValue.CreateTensorValueFromMemory(tensor.data<long>().ToArray(), tensor.shape),
        ScalarType.Bool => OrtValue.CreateTensorValueFromMemory(tensor.data<bool>().ToArray(), tensor.shape),
        _ => throw new NotSupportedException($"No model of das takes inputs of {tensor.dtype}."),
    };
}
