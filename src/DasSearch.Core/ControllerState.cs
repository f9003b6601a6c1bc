namespace DasSearch.Core;

/// <summary>All that a controller has learnt, by value: what it takes to make an identical one.</summary>
public sealed record ControllerState
{
    /// <exception cref="ArgumentException">The lists differ in length, or a number is out of its range.</exception>
    public ControllerState(
        string controller,
        IReadOnlyList<double> gates,
        IReadOnlyList<double> probabilities,
        IReadOnlyDictionary<string, IReadOnlyList<double>>? memory = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(controller);
        ArgumentNullException.ThrowIfNull(gates);
        ArgumentNullException.ThrowIfNull(probabilities);
        if (gates.Count != probabilities.Count)
        {
            throw new ArgumentException($"There are {gates.Count} gates and {probabilities.Count} probabilities.", nameof(probabilities));
        }

        for (var i = 0; i < gates.Count; i++)
        {
            if (!double.IsFinite(gates[i]))
            {
                throw new ArgumentOutOfRangeException(nameof(gates), gates[i], $"The gate of module {i} is not finite.");
            }

            if (!(probabilities[i] is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(probabilities), probabilities[i], $"The probability of module {i} is not from 0 to 1.");
            }
        }

        (Controller, Gates, Probabilities) = (controller, [.. gates], [.. probabilities]);
        Memory = (memory ?? new Dictionary<string, IReadOnlyList<double>>())
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key, pair => (IReadOnlyList<double>)[.. pair.Value], StringComparer.Ordinal);
    }

    /// <summary>The controller's name, such as <c>das</c>.</summary>
    public string Controller { get; }

    public int Modules => Gates.Count;

    /// <summary>A gate for each module, finite: high means redundant. What a person may look at; the choice is what the controller recommends.</summary>
    public IReadOnlyList<double> Gates { get; }

    /// <summary>How likely each module is drawn, from 0 to 1; for <c>das</c> σ(gate), the weight of a sequential draw.</summary>
    public IReadOnlyList<double> Probabilities { get; }

    /// <summary>Whatever else the controller keeps, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Memory { get; }

    /// <summary>Whether both hold the same, number for number.</summary>
    public bool Equals(ControllerState? other) =>
        other is not null
        && Controller == other.Controller
        && Gates.SequenceEqual(other.Gates)
        && Probabilities.SequenceEqual(other.Probabilities)
        && Memory.Count == other.Memory.Count
        && Memory.All(pair => other.Memory.TryGetValue(pair.Key, out var numbers) && pair.Value.SequenceEqual(numbers));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Controller, Modules, Gates.Count > 0 ? Gates[0] : 0, Memory.Count);
}
