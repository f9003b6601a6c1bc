using System.Globalization;
using System.Text.RegularExpressions;
using DasSearch.Core.Configuration;
using DasSearch.Worker.Search;
using DasSearch.Worker.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace DasSearch.Worker.Tests.Search;

/// <summary>The schedule against a counter that runs as the authors' code does.</summary>
public sealed class SearchScheduleTests
{
    [Fact]
    public void Rounds_OfTheDefaults_BeginWithTheFirstBatchAfterWarmUp()
    {
        var schedule = new SearchSchedule(new SearchConfig(), 79);
        Assert.False(schedule.HasRound(78));
        Assert.True(schedule.HasRound(79));
        Assert.False(schedule.HasRound(80));
        Assert.True(schedule.HasRound(89));
        Assert.Equal((237, 16), (schedule.Batches, schedule.Rounds));
    }

    // As DAS's code for LaVIN has it, and LLaVA.
    [Fact]
    public void Rounds_ByEpoch_AndWarmUpByBatches_AreCountedSo()
    {
        var lavin = new SearchSchedule(new SearchConfig { Epochs = 10, WarmUpEpochs = 5, RoundsPerEpoch = 150 }, 397);
        Assert.Equal((true, false, true), (lavin.HasRound(5 * 397), lavin.HasRound((5 * 397) + 1), lavin.HasRound((5 * 397) + 2)));

        var llava = new SearchSchedule(new SearchConfig { Epochs = 20, WarmUpBatches = 380, StepsBetweenRounds = 3, WarmUpSkips = WarmUpSkips.Growing }, 30);
        Assert.Equal((false, true, false, true), (llava.HasRound(379), llava.HasRound(380), llava.HasRound(381), llava.HasRound(383)));
        Assert.Equal([1, 1, 2, 3, 4, 4, 4], new[] { 0L, 47, 48, 95, 143, 379, 380 }.Select(batch => llava.Skipped(batch, 4)));
    }

    [Fact]
    public void Rounds_OfAnySettings_AreThoseOfACounter() =>
        Prop.ForAll<byte, byte, byte>((epochs, warmUp, between) => CountOut(epochs, warmUp, between)).QuickCheckThrowOnFailure();

    [Fact]
    public void Case06_WhatIsNotRefused_HasARound() => Prop.ForAll<byte, byte, byte>((epochs, warmUp, between) =>
    {
        var search = new SearchConfig { Epochs = 1 + (epochs % 4), WarmUpEpochs = warmUp % 4, StepsBetweenRounds = 1 + (between % 40), BatchSize = 4 };
        var samples = 4 + (epochs / 4);
        var refusal = Record.Exception(() => (TinySearch.Config with { Search = search, Validation = new() { BatchSize = 4 } }).CheckSearch(samples, 4));
        var rounds = new SearchSchedule(search, (samples + 3) / 4).Rounds;
        Assert.True(rounds > 0 || refusal is ConfigException);
        if (refusal is ConfigException { Key: "search.steps_between_rounds" } refused)
        {
            // The number that it names would do.
            var most = int.Parse(Regex.Match(refused.Message, "[0-9]+").Value, CultureInfo.InvariantCulture);
            Assert.True(new SearchSchedule(search with { StepsBetweenRounds = most }, (samples + 3) / 4).Rounds > 0);
        }
    }).QuickCheckThrowOnFailure();

    private static void CountOut(byte epochs, byte warmUp, byte between)
    {
        var config = new SearchConfig { Epochs = 1 + (epochs % 5), WarmUpEpochs = warmUp % 4, StepsBetweenRounds = 1 + (between % 20) };
        var schedule = new SearchSchedule(config, 1 + ((epochs + warmUp) % 30));
        var (count, rounds) = (0, 0);
        for (var batch = 0L; batch < schedule.Batches; batch++)
        {
            Assert.Equal(rounds, schedule.RoundsBefore(batch));
            count++;
            var due = count >= config.StepsBetweenRounds && schedule.EpochOf(batch) >= config.WarmUpEpochs;
            Assert.Equal(due, schedule.HasRound(batch));
            if (due)
            {
                (count, rounds) = (0, rounds + 1);
            }
        }

        Assert.Equal(rounds, schedule.Rounds);
    }
}
