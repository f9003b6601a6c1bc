using DasSearch.App;
using DasSearch.Core;
using DasSearch.Worker.Search;
using DasSearch.Worker.Training;

namespace DasSearch.Cli.Searching;

/// <summary>Shows a search as it goes; where nothing is to be shown, this is all there is.</summary>
/// <param name="status">Where the search stands.</param>
internal class SearchDisplay(SearchStatus status) : ISearchProgress
{
    /// <summary>Where the search stands.</summary>
    protected SearchStatus Status => status;

    /// <summary>Runs the search with the display around it.</summary>
    internal virtual SearchResult Around(Func<SearchResult> search) => search();

    /// <summary>What follows the search itself begins.</summary>
    internal virtual void Began(string what) => status.Began(what);

    /// <inheritdoc/>
    public virtual void Started(SearchSchedule schedule, long batch, ControllerState state) => status.Started(schedule, batch, state);

    /// <inheritdoc/>
    public virtual void Learnt(long batch, double loss) => status.Learnt(batch, loss);

    /// <inheritdoc/>
    public virtual void Finished(Round round) => status.Finished(round);

    /// <inheritdoc/>
    public virtual void Finished(int epoch, Subnetwork chosen, TaskScore score) => status.Finished(epoch, chosen, score);
}
