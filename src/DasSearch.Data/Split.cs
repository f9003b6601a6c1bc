namespace DasSearch.Data;

/// <summary>The three parts of a dataset. No photo is in two of them.</summary>
public enum Split
{
    /// <summary>What is learnt from: nine tenths of the training file's photos.</summary>
    Train,

    /// <summary>What choices are made on: the last tenth of the training file's photos.</summary>
    Validation,

    /// <summary>What results are reported on: the photos of the test file, and no others.</summary>
    Test,
}

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
