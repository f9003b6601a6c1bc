namespace DasSearch.Cli.Tests;

public sealed class ProgressLinesTests
{
    [Fact]
    public void WhatIsLeftIsReckonedFromTheLastMinutes()
    {
        var (clock, output) = (new Clock(), new StringWriter());
        var lines = new ProgressLines(output, quiet: false, clock);

        // The first half takes a second a step, and the second ten.
        for (var step = 1; step <= 90; step++)
        {
            clock.Passed += TimeSpan.FromSeconds(step <= 50 ? 1 : 10);
            lines.Progress("step", step, 100);
        }

        Assert.EndsWith("step 90 of 100 · 7:30 · 1:40 left", output.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void AResumedTrainingAndASecondStageCountFromWhereTheyBegan()
    {
        var (clock, output) = (new Clock(), new StringWriter());
        var lines = new ProgressLines(output, quiet: false, clock);
        foreach (var step in (int[])[901, 902, 1, 2])
        {
            clock.Passed += TimeSpan.FromSeconds(10);
            lines.Progress("batch", step, 1000);
        }

        Assert.Equal(
            ["batch 901 of 1000 · 0:10 · 16:30 left", "batch 902 of 1000 · 0:20 · 16:20 left", "batch 1 of 1000 · 0:30 · 2:46:30 left", "batch 2 of 1000 · 0:40 · 2:46:20 left"],
            output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    private sealed class Clock : TimeProvider
    {
        internal TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
