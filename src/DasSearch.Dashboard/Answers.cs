using System.Collections.Concurrent;
using DasSearch.Store;

namespace DasSearch.Dashboard;

/// <summary>Answers that take a while, kept until what they are made of changes; many who ask at once wait for one making.</summary>
/// <typeparam name="T">An answer.</typeparam>
/// <param name="readings">The database.</param>
internal sealed class Answers<T>(Readings readings)
    where T : class
{
    private const int MostKept = 32;

    // Of a run that goes on, an answer is at most so many times as old as it took to make: watching takes a twentieth of a core, whatever the run's size.
    private const int OftenEnough = 20;

    // That a process is gone changes no file.
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(4);

    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>An answer as it is now, or was a moment ago.</summary>
    /// <param name="key">What it is called.</param>
    /// <param name="version">Reads what it depends on, which is equal as long as the answer is.</param>
    /// <param name="isGrowing">Whether a version is of something that goes on, so that an answer may lag behind.</param>
    /// <param name="make">Makes it.</param>
    /// <exception cref="StoreException">The database cannot be read, or what is asked for is not in it.</exception>
    internal async Task<T> GetAsync<TVersion>(
        string key, Func<IRunReader, TVersion> version, Func<TVersion, bool> isGrowing, Func<IRunReader, T> make, CancellationToken cancellationToken)
        where TVersion : notnull
    {
        var place = _places.GetOrAdd(key, static _ => new Place());
        if (place.Kept is { } fresh && IsFresh(fresh))
        {
            return fresh.Answer;
        }

        await place.Turn.WaitAsync(cancellationToken);
        try
        {
            if (place.Kept is not { } kept || !IsFresh(kept))
            {
                // Before the reading: what is stored meanwhile is looked for the next time.
                var stamp = readings.Stamp();
                var known = place.Kept;
                place.Kept = await readings.ReadAsync(
                    read =>
                    {
                        var now = version(read);
                        return known is not null && (now.Equals(known.Version) || (isGrowing(now) && IsOftenEnough(known)))
                            ? known with { Stamp = stamp, CheckedAt = readings.Time.GetTimestamp() }
                            : Make(read, now, stamp, make);
                    },
                    cancellationToken);
            }

            return place.Kept.Answer;
        }
        catch (StoreException)
        {
            _places.TryRemove(key, out _);
            throw;
        }
        finally
        {
            place.Turn.Release();
            Trim();
        }
    }

    private Kept Make(IRunReader read, object version, FileStamp stamp, Func<IRunReader, T> make)
    {
        var begun = readings.Time.GetTimestamp();
        var answer = make(read);
        var ended = readings.Time.GetTimestamp();
        return new Kept(answer, version, stamp, ended, ended, readings.Time.GetElapsedTime(begun, ended));
    }

    private bool IsFresh(Kept kept) => readings.Time.GetElapsedTime(kept.CheckedAt) < _soon && kept.Stamp == readings.Stamp();

    private bool IsOftenEnough(Kept kept) => readings.Time.GetElapsedTime(kept.MadeAt) < OftenEnough * kept.Cost;

    private void Trim()
    {
        while (_places.Count > MostKept && _places.MinBy(static place => place.Value.Kept?.CheckedAt ?? long.MaxValue).Key is { } oldest)
        {
            _places.TryRemove(oldest, out _);
        }
    }

    /// <summary>Where an answer is kept; one at a time makes it.</summary>
    private sealed class Place
    {
        internal SemaphoreSlim Turn { get; } = new(1);

        internal Kept? Kept { get; set; }
    }

    private sealed record Kept(T Answer, object Version, FileStamp Stamp, long CheckedAt, long MadeAt, TimeSpan Cost);
}
