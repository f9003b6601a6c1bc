namespace DasSearch.Formats;

/// <summary>A name under which others store weights, and the official one.</summary>
/// <param name="From">How the name begins, up to a dot or its end; an asterisk stands for a number between dots.</param>
/// <param name="To">What stands there instead, if anything; its asterisks are the same numbers.</param>
public sealed record NameRule(string From, string To)
{
    /// <summary>Into how many tensors others divide this one, along its first dimension.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Which of them this is, from 0.</summary>
    public int Part { get; init; }

    internal string[] Pattern { get; } = From.Split('.');
}

/// <summary>A name that others use for several official ones, of which a tensor's shape tells the one that is meant.</summary>
/// <param name="From">How the name begins, as in <see cref="NameRule"/>.</param>
/// <param name="Teller">The tensor whose shape tells.</param>
/// <param name="To">What stands there instead, by that shape.</param>
public sealed record ShapedName(string From, string Teller, Func<IReadOnlyList<long>, string> To);

/// <summary>The names under which a backbone's weights may come, such as Hugging Face's, and the official ones that they get.</summary>
/// <param name="rules">Of several that fit a name the first counts.</param>
public sealed class NameTable(IReadOnlyList<NameRule> rules)
{
    /// <summary>Names of which shapes tell what is meant; they count after all rules.</summary>
    public IReadOnlyList<ShapedName> Shaped { get; init; } = [];

    /// <summary>The same tensors under official names; what no rule is for keeps its own. Nothing is read for it.</summary>
    public WeightFile Translate(WeightFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var twice = new List<string>(file.Twice);
        var divided = new Dictionary<string, WeightTensor?[]>(StringComparer.Ordinal);
        List<NameRule> all =
        [
            .. rules,
            .. Shaped.Where(name => file.Tensors.ContainsKey(name.Teller)).Select(name => new NameRule(name.From, name.To(file.Tensors[name.Teller].Shape))),
        ];
        foreach (var tensor in file.Tensors.Values)
        {
            if (Official(all, tensor.Name) is not var (name, rule))
            {
                Add(tensor);
            }
            else if (rule.Parts == 1)
            {
                Add(tensor with { Name = name });
            }
            else if (!divided.TryGetValue(name, out var parts))
            {
                (divided[name] = new WeightTensor?[rule.Parts])[rule.Part] = tensor;
            }
            else if (parts[rule.Part] is null)
            {
                parts[rule.Part] = tensor;
            }
            else
            {
                twice.Add(tensor.Name);
            }
        }

        foreach (var (name, parts) in divided)
        {
            // An incomplete one is missing, and what there is of it is something else.
            foreach (var tensor in Stack(name, parts) is { } whole ? [whole] : parts.OfType<WeightTensor>())
            {
                Add(tensor);
            }
        }

        return file with { Tensors = tensors, Twice = twice };

        void Add(WeightTensor tensor)
        {
            if (!tensors.TryAdd(tensor.Name, tensor))
            {
                twice.Add(tensor.Name);
            }
        }
    }

    private static (string Name, NameRule Rule)? Official(List<NameRule> rules, string name)
    {
        var words = name.Split('.');
        foreach (var rule in rules)
        {
            var pattern = rule.Pattern;
            if (pattern.Length > words.Length || !pattern.Zip(words).All(static pair => pair.First == pair.Second || (pair.First == "*" && IsNumber(pair.Second))))
            {
                continue;
            }

            var numbers = new Queue<string>(words.Where((_, i) => i < pattern.Length && pattern[i] == "*"));
            var official = rule.To.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(word => word == "*" ? numbers.Dequeue() : word);
            return (string.Join('.', official.Concat(words[pattern.Length..])), rule);
        }

        return null;
    }

    private static bool IsNumber(string word) => word.Length is > 0 and < 10 && word.All(char.IsAsciiDigit);

    private static WeightTensor? Stack(string name, WeightTensor?[] parts)
    {
        if (parts[0] is not { Shape.Count: > 0 } first
            || parts.Sum(static part => part?.Bytes ?? 0) > Array.MaxLength
            || !parts.All(part => part is not null && part.Type == first.Type && part.Shape.SequenceEqual(first.Shape)))
        {
            return null;
        }

        return first with
        {
            Name = name,
            Shape = [first.Shape[0] * parts.Length, .. first.Shape.Skip(1)],
            Open = () =>
            {
                var all = new MemoryStream();
                foreach (var part in parts)
                {
                    part!.CopyTo(all);
                }

                all.Position = 0;
                return all;
            },
        };
    }
}
