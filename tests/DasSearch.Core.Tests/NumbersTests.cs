using System.Globalization;

namespace DasSearch.Core.Tests;

public sealed class NumbersTests
{
    private const int Tries = 5_000;

    [Theory]
    [InlineData(0.8307, "0.8307")]
    [InlineData(0.00003, "0.000030")] // a regret that is not 0.0000
    [InlineData(-0.00012, "-0.00012")]
    [InlineData(0.0012, "0.0012")]
    [InlineData(1.23e-9, "1.2E-9")]
    [InlineData(0.0, "0.0000")]
    [InlineData(1234.56, "1,234.6")]
    [InlineData(4.2e12, "4.200E+12")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Value_AtAnyScale_HasDigitsThatMatter(double number, string expected) => Assert.Equal(expected, Numbers.Value(number));

    [Fact]
    public void Everything_ThatIsMissing_IsADash() => Assert.All(
        [
            Numbers.Value(null), Numbers.WithSign(null), Numbers.Whole(null), Numbers.Count(null), Numbers.Change(null), Numbers.Share(null),
            Numbers.Probability(null), Numbers.PValue(null), Numbers.Change(null, 1, 2),
        ],
        text => Assert.Equal("–", text));

    [Fact]
    public void Others_SayWhatTheyAre()
    {
        Assert.Equal("1,000,000,000", Numbers.Count(1_000_000_000L));
        Assert.Equal(("+0.0123", "-0.0123", "0.0000"), (Numbers.WithSign(0.0123), Numbers.WithSign(-0.0123), Numbers.WithSign(0)));
        Assert.Equal("0.0000", Numbers.Value(-0.0));
        Assert.Equal(("-21.8 %", "+0.030 %", "0.0 %"), (Numbers.Change(-21.8), Numbers.Change(0.03), Numbers.Change(0)));
        Assert.Equal("-28.0 % (-29.1 to -27.2)", Numbers.Change(-28, -29.1, -27.2));
        Assert.Equal("-28.0 % (interval unknown)", Numbers.Change(-28, null, null));
        Assert.Equal(("84.6 %", "99.980 %", "100.0 %", "0.020 %"), (Numbers.Share(0.846), Numbers.Share(0.9998), Numbers.Share(1), Numbers.Share(0.0002)));
        Assert.Equal(("0.57", "<0.01", ">0.99", "1.00", "0.00"), (Numbers.Probability(0.57), Numbers.Probability(1e-9), Numbers.Probability(1 - 1e-9), Numbers.Probability(1), Numbers.Probability(0)));
        Assert.Equal(("47 %", "under 1 %", "over 99 %", "100 %"), (Numbers.Chance(0.47), Numbers.Chance(1e-6), Numbers.Chance(0.9999), Numbers.Chance(1)));
        Assert.Equal(("0.032", "<0.001"), (Numbers.PValue(0.032), Numbers.PValue(1e-12)));
        Assert.Equal(("1234", "1.5", long.MaxValue.ToString(CultureInfo.InvariantCulture)), (Numbers.Whole(1234L), Numbers.Whole(1.5), Numbers.Whole(long.MaxValue)));
    }

    [Fact]
    public void Decimals_OfAnyNumber_AreWithinFivePercentOfIt_AndOnly0LooksLike0()
    {
        var random = new SeededRandom(21);
        for (var i = 0; i < Tries; i++)
        {
            var number = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 30));
            var read = double.Parse(Numbers.Decimals(number, random.Next(5)).Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            Assert.True(Math.Abs(read - number) <= 0.05 * Math.Abs(number) && read != 0, $"{number:R} is printed as {read:R}");
        }
    }

    [Theory]
    [InlineData("0,02", ": write 0.02")]
    [InlineData("9,5", ": write 9.5")]
    [InlineData("-1,25", ": write -1.25")]
    [InlineData("1,000", ": write 1000 or 1.000")]
    [InlineData("1,000,000", ": write 1000000")]
    [InlineData("1.000.000", ": write 1000000")]
    [InlineData("1.234,5", ": write 1234.5")]
    [InlineData("1,234.5", ": write 1234.5")]
    [InlineData("1 000", ": write 1000")]
    [InlineData("1_000", ": write 1000")]
    [InlineData("1'000", ": write 1000")]
    [InlineData("\t5", ": write 5")]
    [InlineData(" 0.5 ", ": write 0.5")]
    [InlineData("[0.5]", ": write 0.5")]
    [InlineData("1, 2", "")]
    [InlineData("[1,2]", "")]
    [InlineData("five", "")]
    [InlineData("", "")]
    [InlineData(",", "")]
    [InlineData("5 %", "")]
    public void Hint_OfANumber_SaysHowToWriteIt(string text, string expected)
    {
        Assert.False(Numbers.TryParse(text, out double _), text);
        Assert.Equal(expected, Numbers.Hint(text, isWhole: false));
    }

    [Theory]
    [InlineData("1,000", ": write 1000")]
    [InlineData("1.000.000", ": write 1000000")]
    [InlineData("4.0", ": write 4")]
    [InlineData("1e3", ": write 1000")]
    [InlineData("[4]", ": write 4")]
    [InlineData("1,5", "")]
    [InlineData("4.5", "")]
    [InlineData("0x10", "")]
    [InlineData("99999999999999999999", "")]
    public void Hint_OfAWholeNumber_SaysHowToWriteIt(string text, string expected)
    {
        Assert.False(Numbers.TryParse(text, out long _), text);
        Assert.Equal(expected, Numbers.Hint(text, isWhole: true));
    }

    [Fact]
    public void Hint_OfAnyText_IsSomethingThatIsRead()
    {
        const string Letters = "0123456789,.-+eE _'%[]\t";
        var random = new SeededRandom(5);
        for (var i = 0; i < Tries; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Letters[random.Next(Letters.Length)]));
            foreach (var hint in Numbers.Hint(text, isWhole: false).Replace(": write ", "", StringComparison.Ordinal).Split(" or ", StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.True(Numbers.TryParse(hint, out double _), $"'{text}' has the hint '{hint}'");
            }

            var whole = Numbers.Hint(text, isWhole: true).Replace(": write ", "", StringComparison.Ordinal);
            Assert.True(whole.Length == 0 || Numbers.TryParse(whole, out long _), $"'{text}' has the hint '{whole}'");
        }
    }

    [Theory]
    [InlineData("0.02", 0.02)]
    [InlineData("5e-4", 5e-4)]
    [InlineData("-1", -1)]
    [InlineData("+.5", 0.5)]
    public void TryParse_OfANumber_ReadsIt(string text, double expected)
    {
        Assert.True(Numbers.TryParse(text, out double number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData(null)]
    public void TryParse_OfNoNumber_SaysSo(string? text) => Assert.False(Numbers.TryParse(text, out double _));
}
