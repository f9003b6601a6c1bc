using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>Reads the buffer in which the authors' code keeps its gates from a checkpoint in safetensors.</summary>
internal static class GateReader
{
    // ViLT and METER; LaVIN and LLaVA.
    private static readonly string[] _gates = ["das_gate", "scores"];
    private const string Count = "skip_num";

    /// <summary>What a checkpoint says.</summary>
    /// <exception cref="DasSearchException">It is no sound safetensors file, or has no such buffer, or several.</exception>
    internal static Finding Read(string path)
    {
        var file = SafetensorsFile.Open(path);
        var names = file.Tensors.Keys.Where(name => _gates.Contains(LastName(name))).Order(StringComparer.Ordinal).ToList();
        if (names.Count != 1)
        {
            throw new ImportException(
                names.Count == 0
                    ? $"{path} has no tensor {string.Join(" or ", _gates)}, where the authors' code keeps its gates"
                    : $"{path} has several tensors of gates: {string.Join(", ", names)}");
        }

        var gates = file.Tensors[names[0]];
        return gates.Shape.Count == 1
            ? new Finding([.. gates.Floats().Select(gate => (double)gate)], null, CountOf(file), $"{path}: {gates.Name}")
            : throw new ImportException(
                $"{path} has {gates.Name} of shape [{string.Join(", ", gates.Shape)}], expected one number per module");
    }

    // METER's checkpoints say how many modules were to be skipped, as a floating number.
    private static int? CountOf(SafetensorsFile file)
    {
        var tensor = file.Tensors.Values.SingleOrDefault(tensor => LastName(tensor.Name) == Count && tensor.Count == 1);
        if (tensor is null)
        {
            return null;
        }

        var count = tensor.Floats()[0];
        return float.IsInteger(count) && count is >= 0 and < int.MaxValue
            ? (int)count
            : throw new ImportException(string.Create(
                CultureInfo.InvariantCulture, $"{file.Path} has {tensor.Name} of {count}, expected a number of modules"));
    }

    private static string LastName(string name) => name[(name.LastIndexOf('.') + 1)..];
}
