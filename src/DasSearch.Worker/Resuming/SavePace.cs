using System.Diagnostics;

namespace DasSearch.Worker.Resuming;

/// <summary>Says when a state is saved again: as soon as saving has taken at most a twentieth of the time.</summary>
/// <remarks>So little work is lost where saving is quick, and little time where it is slow.</remarks>
internal sealed class SavePace
{
    private const int Share = 20;

    private readonly Stopwatch _since = Stopwatch.StartNew();
    private TimeSpan _cost;

    /// <summary>Whether it is time to save.</summary>
    internal bool IsDue => _since.Elapsed >= Share * _cost;

    /// <summary>Saves, and finds out how long that takes.</summary>
    internal void Save(Action save)
    {
        var clock = Stopwatch.StartNew();
        save();
        _cost = clock.Elapsed;
        _since.Restart();
    }
}
