using System.Globalization;
using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>Reads what a search of the authors' printed: gates or probabilities, and the modules chosen after each epoch.</summary>
/// <remarks>
/// The last of each counts, since a search goes on printing as it learns. A choice is printed by ascending gate, not by
/// index, so it is a set. METER's and ViLT's tests print the gates in two halves, whose labels are wrong for METER: the
/// halves are told apart by them, but what they say is not believed.
/// </remarks>
internal static class LogReader
{
    private const string FirstHalf = "Fusion Image";
    private const string SecondHalf = "Fusion Text";

    /// <summary>What a log says about a model; null where it prints neither gates nor a choice.</summary>
    /// <exception cref="ImportException">A choice names modules that the model does not have.</exception>
    internal static SourceFinding? Read(string text, string source, int modules)
    {
        PrintedTensor? gates = null, chosen = null, half = null;
        foreach (var tensor in PrintedTensor.ReadAll(text))
        {
            if (tensor.Numbers.Count == 0)
            {
                continue;
            }

            if (tensor.IsInteger)
            {
                chosen = tensor;
            }
            else if (tensor.Numbers.Count == modules)
            {
                gates = tensor;
            }
            else if (half is not null && tensor.Label == SecondHalf && half.Numbers.Count + tensor.Numbers.Count == modules)
            {
                gates = half with { Numbers = [.. half.Numbers, .. tensor.Numbers] };
            }

            half = tensor.Label == FirstHalf ? tensor : null;
        }

        if ((gates ?? chosen) is not { } last)
        {
            return null;
        }

        var selected = chosen is null ? null : ModuleList.Check(chosen.Numbers, modules, $"{source}:{chosen.Line}");
        return new SourceFinding(gates?.Numbers, selected, null, $"{source}:{last.Line}")
        {
            ChoiceNote = chosen is null ? null : $"the choice was taken from {source}:{chosen.Line}, the last that was printed",
            GatesNote = gates is null ? null : $"the gates were taken from {source}:{gates.Line}, the last that were printed",
        };
    }
}

/// <summary>A vector as PyTorch prints it, such as <c>tensor([ 3,  7], device='cuda:0')</c>.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Label">What stands before it on that line, or the end of it.</param>
/// <param name="Numbers">Its numbers.</param>
/// <param name="IsInteger">Whether PyTorch printed integers: they alone have neither point nor exponent.</param>
internal sealed record PrintedTensor(int Line, string Label, IReadOnlyList<double> Numbers, bool IsInteger)
{
    private const string Opening = "tensor([";
    private const int MaximumNumbers = 4096;
    private const int MaximumLabel = 200;

    private static readonly char[] _between = [',', ' ', '\t', '\r', '\n'];

    /// <summary>All vectors of a text, in order. What is no vector of numbers, or was shortened with dots, is passed over.</summary>
    internal static IEnumerable<PrintedTensor> ReadAll(string text)
    {
        var (line, counted) = (1, 0);
        var at = text.IndexOf(Opening, StringComparison.Ordinal);
        while (at >= 0)
        {
            line += text.AsSpan(counted, at - counted).Count('\n');
            counted = at;
            var start = at + Opening.Length;
            var end = text.AsSpan(start).IndexOfAny('[', ']');
            if (end >= 0 && text[start + end] == ']' && Parse(text.AsSpan(start, end)) is { } numbers)
            {
                yield return new PrintedTensor(line, LabelAt(text, at), numbers.Values, numbers.IsInteger);
            }

            at = text.IndexOf(Opening, start, StringComparison.Ordinal);
        }
    }

    private static string LabelAt(string text, int at)
    {
        var before = text.AsSpan(0, at)[Math.Max(0, at - MaximumLabel)..];
        return before[(before.LastIndexOf('\n') + 1)..].Trim().ToString();
    }

    private static (IReadOnlyList<double> Values, bool IsInteger)? Parse(ReadOnlySpan<char> text)
    {
        var values = new List<double>();
        var isInteger = true;
        foreach (var range in text.SplitAny(_between))
        {
            var word = text[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (values.Count == MaximumNumbers || Number(word) is not { } value)
            {
                return null;
            }

            values.Add(value);
            isInteger &= !word.ContainsAny(".enEN");
        }

        return (values, isInteger);
    }

    private static double? Number(ReadOnlySpan<char> word) => word switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };
}

/// <summary>Reads the buffer in which the authors' code keeps its gates from a checkpoint.</summary>
internal static class GateReader
{
    // ViLT and METER; LaVIN and LLaVA.
    private static readonly string[] _gates = ["das_gate", "scores"];
    private const string Count = "skip_num";

    /// <summary>What a checkpoint says.</summary>
    /// <exception cref="DasSearchException">It is no sound checkpoint, or has no such buffer, or several.</exception>
    internal static SourceFinding Read(string path)
    {
        var file = WeightFile.Open(path);
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
            ? new SourceFinding([.. gates.Floats().Select(gate => (double)gate)], null, CountOf(file), $"{path}: {gates.Name}")
            : throw new ImportException(
                $"{path} has {gates.Name} of shape [{string.Join(", ", gates.Shape)}], expected one number per module");
    }

    // METER's checkpoints say how many modules were to be skipped, as a floating number.
    private static int? CountOf(WeightFile file)
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
