namespace DasSearch.Data;

/// <summary>Shuffles as Fisher and Yates do, by the same draws on every .NET version.</summary>
internal static class Shuffler
{
    public static void Shuffle<T>(Span<T> values, Random random)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = random.Next(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }
}
