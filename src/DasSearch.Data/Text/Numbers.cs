namespace DasSearch.Data.Text;

/// <summary>Numbers as words.</summary>
internal static class Numbers
{
    /// <summary>The highest number that texts name.</summary>
    public const int Most = 6;

    private static readonly string[] Words = ["zero", "one", "two", "three", "four", "five", "six"];

    /// <summary>From zero to <see cref="Most"/>.</summary>
    public static string Word(int number) => Words[number];

    /// <summary>The words from zero up to and with a number.</summary>
    public static IReadOnlyList<string> UpTo(int number) => Words[..(number + 1)];
}
