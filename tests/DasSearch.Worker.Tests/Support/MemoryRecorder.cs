using DasSearch.Core;

namespace DasSearch.Worker.Tests.Support;

/// <summary>Keeps what a run yields, as the store would: what comes again replaces what was there.</summary>
internal sealed class MemoryRecorder : IRunRecorder
{
    private readonly SortedDictionary<int, Round> _rounds = [];
    private readonly SortedDictionary<(string Name, long Step), double?> _metrics = [];

    internal IReadOnlyList<Round> Rounds => [.. _rounds.Values];

    internal IReadOnlyDictionary<(string Name, long Step), double?> Metrics => _metrics;

    public void Record(Round round)
    {
        foreach (var later in _rounds.Keys.Where(number => number >= round.Number).ToList())
        {
            _rounds.Remove(later);
        }

        Assert.Equal(_rounds.Count, round.Number);
        _rounds.Add(round.Number, round);
    }

    public void Record(IReadOnlyList<Metric> metrics)
    {
        foreach (var metric in metrics)
        {
            _metrics[(metric.Name, metric.Step)] = metric.Value;
        }
    }

    public void Saved(int rounds) => Assert.InRange(rounds, 0, _rounds.Count);
}
