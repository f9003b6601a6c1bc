using System.CommandLine;
using DasSearch.Cli.Commands;

namespace DasSearch.Cli.Tests;

/// <summary>Case 21: a decimal comma is no thousands separator, and nothing else is taken for a number that is none.</summary>
public sealed class NumberOptionTests
{
    private static readonly string[] _strange = ["0,02", "1,000", "1 000", "1_000", "1.000.000", "5\t", " 5", "[5]", "5;6", "5%", "five", "NaN", "Infinity", "0x10", "1e999", "٣"];

    public static TheoryData<string, string> Options()
    {
        var data = new TheoryData<string, string>();
        foreach (var (command, option) in AllOptions())
        {
            data.Add(command.Name, option.Name);
        }

        return data;
    }

    [Theory]
    [InlineData("--tolerance must be a number, not '0,02': write 0.02", "replay", "1", "--stop", "0.05", "--tolerance", "0,02")]
    [InlineData("--stop must be a number, not '0,05': write 0.05", "replay", "1", "--stop", "0,05")]
    [InlineData("--confidence must be a number, not '9,5': write 9.5", "compare", "1", "2", "--confidence", "9,5")]
    [InlineData("--seeds must be an integer, not '1,000': write 1000", "replay", "1", "--seeds", "1,000")]
    [InlineData("--seeds must be an integer, not '4.5'", "replay", "1", "--seeds", "4.5")]
    [InlineData("--seeds must be at most 2147483647, not 99999999999", "replay", "1", "--seeds", "99999999999")]
    [InlineData("--seed must be an integer, not '1 000': write 1000", "train", "plan.json", "--seed", "1 000")]
    [InlineData("--gallery must be from 0 to 100000.", "train", "plan.json", "--gallery", "-1")]
    public async Task DecimalComma_InAnOption_IsRefusedWithTheWayToWriteIt(string expected, params string[] args)
    {
        var das = await Das.RunAsync(args);
        Assert.Equal((ExitCode.BadUsage, "", $"das: {expected}\nTry 'das {args[0]} --help'.\n"), (das.Code, das.Output, das.Error));
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task EveryNumber_OfEveryCommand_IsReadByTheSameRule(string command, string option)
    {
        string[] dummies = [command, .. AllOptions().First(pair => pair.Command.Name == command).Command.Arguments.SelectMany(argument => (string[])(argument.Arity.MaximumNumberOfValues > 1 ? ["1", "2"] : ["1"])), .. Required(command)];
        foreach (var text in _strange)
        {
            var das = await Das.RunAsync([.. dummies, option, text]);
            Assert.True(das.Code == ExitCode.BadUsage && das.Error.StartsWith($"das: {option} must be a", StringComparison.Ordinal), $"{command} {option} '{text}': {das.Error}");
        }
    }

    [Theory]
    [InlineData("--seeds", "replay", "1", "--seeds", "2", "--seeds", "3")]
    [InlineData("--confidence", "compare", "1", "2", "--confidence", "90", "--confidence", "95")]
    public async Task Number_GivenTwice_IsRefused(string option, params string[] args)
    {
        var das = await Das.RunAsync(args);
        Assert.Equal((ExitCode.BadUsage, ""), (das.Code, das.Output));
        Assert.Contains(option, das.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--controller must be controllers such as das,thompson, not 'das thompson'", "replay", "1", "--controller", "das thompson")]
    [InlineData("--controller has das twice: 'das,das'", "replay", "1", "--controller", "das,das")]
    [InlineData("--skipping must be modules such as 3,5, not '3 5'", "rewards", "1", "--skipping", "3 5")]
    [InlineData("--keeping has 3 twice: '3,3'", "rewards", "1", "--keeping", "3,3")]
    [InlineData("--columns must be columns such as n,mean_reward, not 'round,'", "rewards", "1", "--columns", "round,")]
    [InlineData("--figures has svg twice: 'svg,svg'", "report", "1", "--figures", "svg,svg")]
    public async Task List_WrittenOtherwise_IsRefusedWithTheWayToWriteIt(string expected, params string[] args)
    {
        using var runs = new StoredRuns();
        runs.Add(rounds: 1);
        var das = await runs.RunAsync(args);
        Assert.Equal((ExitCode.BadUsage, "", $"das: {expected}\n"), (das.Code, das.Output, das.Error));
    }

    private static IEnumerable<(Command Command, Option Option)> AllOptions()
    {
        using var terminal = new Terminal(TextWriter.Null, TextWriter.Null, isRedirected: true);
        var context = new CommandContext(terminal, _ => null);
        return [.. CommandTable.All.Select(create => create(context)).SelectMany(command => command.Options.Where(IsNumber).Select(option => (command, option)))];
    }

    private static bool IsNumber(Option option) => (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) is var type
        && (type == typeof(int) || type == typeof(long) || type == typeof(double));

    private static string[] Required(string command) => command switch
    {
        "import" => ["--backbone", "vilt"],
        "export" => ["--to", "csv"],
        "analyse" => ["--what", "jsd", "-o", "figures"],
        _ => [],
    };
}
