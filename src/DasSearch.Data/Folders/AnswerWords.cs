using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DasSearch.Data.Folders;

/// <summary>Makes answers comparable by the rules of VQA's evaluation (arXiv:1505.00468): punctuation, articles, numbers and apostrophes.</summary>
internal static partial class AnswerWords
{
    private const string Marks = ";/[]\"{}()=+\\_-><@`,?!";

    private static readonly string[] _numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    // As they should be; each is known without any one of its apostrophes.
    private static readonly string[] _shortened =
    [
        "ain't", "aren't", "can't", "could've", "couldn't", "couldn't've", "didn't", "doesn't", "don't", "hadn't", "hadn't've", "hasn't", "haven't",
        "he'd", "he'd've", "he's", "how'd", "how'll", "how's", "isn't", "it'd", "it'd've", "it'll", "let's", "ma'am", "mightn't", "mightn't've",
        "might've", "mustn't", "must've", "needn't", "not've", "o'clock", "oughtn't", "shan't", "she'd've", "should've", "shouldn't", "shouldn't've",
        "somebody'd've", "somebody'll", "somebody's", "someone'd", "someone'd've", "someone'll", "someone's", "something'd", "something'd've",
        "something'll", "that's", "there'd", "there'd've", "there're", "there's", "they'd", "they'd've", "they'll", "they're", "they've", "'twas",
        "wasn't", "we'd've", "we've", "weren't", "what'll", "what're", "what's", "what've", "when's", "where'd", "where's", "where've", "who'd",
        "who'd've", "who'll", "who's", "who've", "why'll", "why're", "why's", "won't", "would've", "wouldn't", "wouldn't've", "y'all", "y'all'll",
        "y'all'd've", "you'd", "you'd've", "you'll", "you're", "you've",
    ];

    private static readonly Dictionary<string, string> _whole = Whole();

    /// <summary>The answer in comparable words.</summary>
    public static string Normalised(string answer)
    {
        var words = Unmarked(answer).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(static word => word == "none" ? "0" : Array.IndexOf(_numbers, word) is >= 0 and var number ? number.ToString(CultureInfo.InvariantCulture) : word)
            .Where(static word => word is not ("a" or "an" or "the"))
            .Select(static word => _whole.GetValueOrDefault(word, word));
        return string.Join(' ', words).Replace(",", "", StringComparison.Ordinal);
    }

    // A mark goes where it stands beside a space, or anywhere in an answer with a comma between digits; else a space comes in its place.
    private static string Unmarked(string answer)
    {
        var hasThousands = Thousands().IsMatch(answer);
        var text = new StringBuilder(answer);
        foreach (var mark in Marks.Where(mark => answer.Contains(mark, StringComparison.Ordinal)))
        {
            var vanishes = hasThousands || answer.Contains($"{mark} ", StringComparison.Ordinal) || answer.Contains($" {mark}", StringComparison.Ordinal);
            text.Replace($"{mark}", vanishes ? "" : " ");
        }

        return Stop().Replace(text.ToString(), "");
    }

    private static Dictionary<string, string> Whole()
    {
        var whole = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in _shortened)
        {
            for (var place = word.IndexOf('\''); place >= 0; place = word.IndexOf('\'', place + 1))
            {
                whole.TryAdd(word.Remove(place, 1), word);
            }
        }

        return whole;
    }

    [GeneratedRegex(@"\d,\d")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"\.(?!\d)")]
    private static partial Regex Stop();
}
