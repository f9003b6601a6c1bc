using DasSearch.Core;
using DasSearch.Formats.Llama2c;
using DasSearch.Formats.Numpy;
using DasSearch.Formats.Onnx;
using DasSearch.Formats.Torch;

namespace DasSearch.Formats;

/// <summary>What lies in a checkpoint of any format that is known, told by its content and not by its name: numbers are read when they are asked for.</summary>
/// <remarks>safetensors, PyTorch's zip files, NumPy's arrays, ONNX's weights, llama2.c's models, each in one file, or in several with an index. No code in any of them is run.</remarks>
/// <param name="Path">The file.</param>
/// <param name="Tensors">The tensors by name.</param>
/// <param name="Metadata">Free texts by name.</param>
public sealed record WeightFile(string Path, IReadOnlyDictionary<string, WeightTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Names under which there are several tensors, of which one counts; none where every name is a file's own.</summary>
    public IReadOnlyList<string> Twice { get; init; } = [];

    /// <summary>Reads what a file, or an index such as <c>model.safetensors.index.json</c> or <c>pytorch_model.bin.index.json</c>, says of its tensors.</summary>
    /// <exception cref="DasSearchException">There is no such file, it is something else, or it is not sound.</exception>
    public static WeightFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return WeightIndex.IsNamedSo(path) ? WeightIndex.Open(path) : Read(ByteRange.OfFile(path, InputKind.Checkpoint));
    }

    /// <summary>Reads the same from wherever its bytes are.</summary>
    /// <exception cref="DasSearchException">They are something else, or not sound.</exception>
    public static WeightFile Read(ByteRange bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        switch (InputFile.FormatOf(bytes))
        {
            case InputFile.TorchName:
                return TorchZipFile.Read(bytes);
            case InputFile.ArraysName:
                return NumpyFile.ReadArchive(bytes);
            case InputFile.ArrayName:
                return NumpyFile.ReadOne(bytes);
            case InputFile.OnnxName:
                var model = OnnxModel.Read(bytes);
                return new WeightFile(bytes.Source, model.Tensors, model.Metadata);
            case InputFile.Llama2cName:
                return Llama2cFile.Read(bytes);
            default:
                return Of(SafetensorsFile.Read(bytes));
        }
    }

    private static WeightFile Of(SafetensorsFile file) => new(file.Path, file.Tensors, file.Metadata);
}
