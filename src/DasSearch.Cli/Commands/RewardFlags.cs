using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using DasSearch.Core;
using DasSearch.Store.Rewards;

namespace DasSearch.Cli.Commands;

/// <summary>The options that say which rewards are wanted.</summary>
internal sealed class RewardFlags
{
    private readonly Option<string> _by = new("--by")
    {
        Description = "What a row stands for.", DefaultValueFactory = _ => EnumNames.NameOf(RewardGrouping.Layer),
    };

    private readonly Option<string?> _rounds = new("--rounds")
    {
        Description = "Count evaluations of these rounds alone, such as 10..50, 10.. or ..50; both ends belong to them.", HelpName = "A..B",
    };

    private readonly Option<string?> _skipping = new("--skipping")
    {
        Description = "Count evaluations alone that skip these modules, such as 3,5.", HelpName = "LIST",
    };

    private readonly Option<string?> _keeping = new("--keeping")
    {
        Description = "Count evaluations alone that keep these modules.", HelpName = "LIST",
    };

    private readonly Option<string[]> _where = new("--where")
    {
        Description = "Show rows alone for which this holds, with = != < <= > >= and null; may be given several times.",
        HelpName = "\"COLUMN > VALUE\"",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _sort = new("--sort")
    {
        Description = "Sort by a column, the smallest first, or with -COLUMN the largest.", HelpName = "COLUMN",
    };

    private readonly Option<int?> _head = new("--head") { Description = "Show the first N rows.", HelpName = "N" };

    private readonly Option<int?> _tail = new("--tail") { Description = "Show the last N rows.", HelpName = "N" };

    private readonly Option<string?> _columns = new("--columns")
    {
        Description = "Show these columns; by default all, and in a table the main ones.", HelpName = "A,B,C",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _by.AcceptOnlyFromAmong([.. EnumNames.All<RewardGrouping>()]);
        foreach (var option in new Option[] { _by, _rounds, _skipping, _keeping, _where, _sort, _head, _tail, _columns })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_head) is not null && result.GetResult(_tail) is not null)
            {
                result.AddError("--head and --tail exclude each other.");
            }
        });
    }

    /// <summary>What they were set to.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isTable">Whether a person is to read it.</param>
    /// <exception cref="DasSearchException">One of them makes no sense.</exception>
    public RewardQuery Read(ParseResult parsed, bool isTable)
    {
        var by = EnumNames.Parse<RewardGrouping>(parsed.GetRequiredValue(_by));
        var rounds = parsed.GetValue(_rounds) is { } range ? RoundRange.Parse(range) : new RoundRange(0, int.MaxValue);
        var sort = parsed.GetValue(_sort);
        return new RewardQuery(by)
        {
            Evidence = new Evidence
            {
                FirstRound = rounds.First,
                LastRound = rounds.Last,
                Skipping = Modules(parsed, _skipping),
                Keeping = Modules(parsed, _keeping),
            },
            Columns = Names(parsed, _columns, "columns such as n,mean_reward") ?? [.. RewardColumns.Of(by).Where(column => column.IsMain || !isTable).Select(column => column.Name)],
            Where = [.. parsed.GetRequiredValue(_where).Select(RewardCondition.Parse)],
            SortBy = sort?.TrimStart('-'),
            Descending = sort is ['-', ..],
            Count = Count(parsed, _head) ?? Count(parsed, _tail),
            FromEnd = parsed.GetValue(_tail) is not null,
        };
    }

    private static string[]? Names(ParseResult parsed, Option<string?> option, string example) =>
        parsed.GetValue(option) is { } list ? ListOption.Read(option.Name, list, example) : null;

    private static IReadOnlyList<int> Modules(ParseResult parsed, Option<string?> option) =>
        Names(parsed, option, "modules such as 3,5") is not { } names ? [] : [.. names.Select(name =>
            int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var module)
                ? module
                : throw new UsageException($"{option.Name} must be modules such as 3,5, not '{parsed.GetValue(option)}'"))];

    private static int? Count(ParseResult parsed, Option<int?> option) => parsed.GetValue(option) is not { } count || count > 0
        ? parsed.GetValue(option)
        : throw new UsageException($"{option.Name} must be at least 1, not {count}");
}

/// <summary>Rounds from one to another, both of them included.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="Last">The last.</param>
internal sealed partial record RoundRange(int First, int Last)
{
    /// <summary>Reads <c>10..50</c>, <c>10..</c>, <c>..50</c> or <c>10</c>.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    internal static RoundRange Parse(string text)
    {
        var match = Pattern().Match(text);
        if (match.Success && Number(match.Groups["first"], 0) is { } first && Number(match.Groups["last"], int.MaxValue) is { } last)
        {
            var range = match.Groups["to"].Success ? new RoundRange(first, last) : new RoundRange(first, first);
            if (range.First <= range.Last)
            {
                return range;
            }
        }

        throw new UsageException($"--rounds must be such as 10..50, 10.., ..50 or 10, not '{text}'");
    }

    private static int? Number(Group digits, int otherwise) =>
        digits.Length == 0 ? otherwise : int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(?:(?<first>\d+)(?<to>\.\.)?|(?:(?<first>\d*)(?<to>\.\.)(?<last>\d+)))\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
