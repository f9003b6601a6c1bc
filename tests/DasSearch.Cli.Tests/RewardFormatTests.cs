using DasSearch.Cli.Rewards;
using DasSearch.Store.Rewards;

namespace DasSearch.Cli.Tests;

public sealed class RewardFormatTests
{
    private static readonly RewardColumn[] _columns =
        [new("round", RewardType.Whole, true), new("subnetwork", RewardType.Text, true), new("reward", RewardType.Number, true)];

    public static TheoryData<string> Names => [.. RewardFormatTable.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_ManyRows_AreWrittenAsTheyAreRead(string format)
    {
        // Each row looks at what has been written of those before it.
        const int Held = 10_000;
        using var output = new LineCounter();
        IEnumerable<IReadOnlyList<object?>> Rows()
        {
            for (var i = 0L; i < 100_000; i++)
            {
                Assert.InRange(output.Lines, i - Held, i + 1);
                yield return [i, "2,5,7", 0.25];
            }
        }

        using var chunked = new ChunkedWriter(output);
        RewardFormatTable.Named(format).Write(new RewardRows(_columns, Rows()), chunked, CancellationToken.None);
        chunked.Flush();
        Assert.InRange(output.Lines, 100_000, 100_002);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_Cancelled_Stops(string format)
    {
        using var cancelled = new CancellationTokenSource();
        IEnumerable<IReadOnlyList<object?>> Rows()
        {
            for (var i = 0L; ; i++)
            {
                if (i == 1000)
                {
                    cancelled.Cancel();
                }

                yield return [i, "-", null];
            }
        }

        Assert.Throws<OperationCanceledException>(() =>
            RewardFormatTable.Named(format).Write(new RewardRows(_columns, Rows()), TextWriter.Null, cancelled.Token));
    }

    [Fact]
    public void Table_Cells_AreShortAlignedAndHarmless()
    {
        IReadOnlyList<object?>[] rows = [[7L, "2,5,7", 0.123456], [12345L, "-", -0.0000123], [0L, "a\u001b[31m\nb", null]];
        using var output = new StringWriter();
        new TableFormat().Write(new RewardRows(_columns, rows), output, CancellationToken.None);

        Assert.Equal(
            """
            round  subnetwork     reward
                7  2,5,7          0.1235
            12345  -           -0.000012
                0  a [31m b            –

            """,
            output.ToString());
    }

    private sealed class LineCounter : StringWriter
    {
        internal long Lines { get; private set; }

        public override void Write(char value) => Lines += value == '\n' ? 1 : 0;

        public override void Write(string? value) => Lines += value?.Count(letter => letter == '\n') ?? 0;

        public override void Write(System.Text.StringBuilder? value) => Write(value?.ToString());
    }
}
