using System.Text.RegularExpressions;
using DasSearch.Core;

namespace DasSearch.Store.Rewards;

/// <summary>What a row must fulfil, in a language of one sentence: a column, a comparison, a value.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Comparison">The comparison.</param>
/// <param name="Value">The value as it was written, without quotation marks; null for none, with which only = and != make sense.</param>
public sealed partial record RewardCondition(string Column, RewardComparison Comparison, string? Value)
{
    /// <summary>Reads one, such as <c>n_skipped &gt; 20</c>, <c>outcome != scored</c> or <c>loss = null</c>.</summary>
    /// <remarks>A text may stand in quotation marks, single or double; <c>'null'</c> is a text, <c>null</c> is that there is none.</remarks>
    /// <exception cref="RewardQueryException">It is something else.</exception>
    public static RewardCondition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Sentence().Match(text) is not { Success: true } match)
        {
            throw new RewardQueryException($"'{text}' is no condition such as n_skipped > 20: expected a column, then = != < <= > or >=, then a value");
        }

        var comparison = match.Groups["comparison"].Value switch
        {
            "<" => RewardComparison.Less,
            "<=" => RewardComparison.LessOrEqual,
            ">" => RewardComparison.Greater,
            ">=" => RewardComparison.GreaterOrEqual,
            "!=" => RewardComparison.NotEqual,
            _ => RewardComparison.Equal,
        };
        var value = match.Groups["value"].Value;
        var isQuoted = value.Length >= 2 && value[0] is '\'' or '"' && value[^1] == value[0];
        if (isQuoted)
        {
            value = value[1..^1];
        }
        else if (value == "null")
        {
            return comparison is RewardComparison.Equal or RewardComparison.NotEqual
                ? new RewardCondition(match.Groups["column"].Value, comparison, null)
                : throw new RewardQueryException($"'{text}' compares with null, which is neither more nor less than anything: use = or !=");
        }

        return new RewardCondition(match.Groups["column"].Value, comparison, value);
    }

    /// <summary>The value as the column has it: a long, a double or a string.</summary>
    /// <exception cref="RewardQueryException">The column holds numbers, and the value is none.</exception>
    internal object ValueFor(RewardColumn column)
    {
        if (column.Type == RewardType.Text)
        {
            return Value!;
        }

        if (Numbers.TryParse(Value, out long whole))
        {
            return whole;
        }

        return Numbers.TryParse(Value, out double number)
            ? number
            : throw new RewardQueryException($"the column {column.Name} holds numbers, but is compared with '{Value}'{Numbers.Hint(Value!, isWhole: false)}");
    }

    [GeneratedRegex(@"^\s*(?<column>\w+)\s*(?<comparison>==|=|!=|<=|<|>=|>)\s*(?<value>[^\s=<>].*?)\s*\z", RegexOptions.Singleline)]
    private static partial Regex Sentence();
}

/// <summary>How a condition compares a column with its value.</summary>
public enum RewardComparison
{
    /// <summary><c>=</c> or <c>==</c>.</summary>
    Equal,

    /// <summary><c>!=</c>.</summary>
    NotEqual,

    /// <summary><c>&lt;</c>.</summary>
    Less,

    /// <summary><c>&lt;=</c>.</summary>
    LessOrEqual,

    /// <summary><c>&gt;</c>.</summary>
    Greater,

    /// <summary><c>&gt;=</c>.</summary>
    GreaterOrEqual,
}
