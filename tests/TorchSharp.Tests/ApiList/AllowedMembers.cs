namespace TorchSharp.Tests.ApiList;

/// <summary>The list of members whose signatures agree between an old and a recent TorchSharp: what our code may use.</summary>
internal sealed class AllowedMembers
{
    private readonly HashSet<string> _lines;

    private AllowedMembers(IEnumerable<string> _lines) => this._lines = _lines.ToHashSet(StringComparer.Ordinal);

    public static AllowedMembers Load() => new(
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "torchsharp-api.txt")).Where(line => line.Length > 0 && line[0] != '#'));

    public bool Contains(string line) => _lines.Contains(line);

    /// <summary>What the types expose beyond the list, a line each.</summary>
    public IEnumerable<string> Excess(IEnumerable<Type> types) => types.SelectMany(ExcessOf);

    private IEnumerable<string> ExcessOf(Type type)
    {
        var excess = Signatures.OfMembers(type).Where(line => !Contains(line));
        return IsKnown(type) ? excess : excess.Prepend(Signatures.OfType(type));
    }

    /// <summary>A type without a line of its own has another base in one of the two versions: it must appear in other _lines.</summary>
    private bool IsKnown(Type type)
    {
        var name = TypeNames.Of(type);
        return Contains(Signatures.OfType(type)) || _lines.Any(line => Mentions(line, name));
    }

    private static bool Mentions(string line, string name)
    {
        for (var at = line.IndexOf(name, StringComparison.Ordinal); at >= 0; at = line.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            if ((at == 0 || !IsNamePart(line[at - 1])) && (end == line.Length || !IsNamePart(line[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '.';
}
