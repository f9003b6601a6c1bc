namespace DasSearch.Core;

/// <summary>Guesses which name was meant.</summary>
public static class NearestName
{
    /// <summary>The valid name that takes the fewest changed letters; null where none is near.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="valid">The valid names; one with a section is also near when only its last part was written.</param>
    public static string? Of(string written, IEnumerable<string> valid)
    {
        var (nearest, least) = ((string?)null, Math.Max(2, written.Length / 3) + 1);
        foreach (var name in valid)
        {
            var distance = Math.Min(Distance(written, name), Distance(written, name[(name.LastIndexOf('.') + 1)..]));
            if (distance < least)
            {
                (nearest, least) = (name, distance);
            }
        }

        return nearest;
    }

    /// <summary>Letters to insert, delete or replace (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
