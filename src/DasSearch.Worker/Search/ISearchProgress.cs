using DasSearch.Core;
using DasSearch.Worker.Training;

namespace DasSearch.Worker.Search;

/// <summary>Who wants to know how a search is getting on; called on the search's own thread.</summary>
public interface ISearchProgress
{
    /// <summary>It begins, or goes on.</summary>
    /// <param name="schedule">When it does what.</param>
    /// <param name="batch">The first batch of this process.</param>
    /// <param name="state">The controller as it stands.</param>
    void Started(SearchSchedule schedule, long batch, ControllerState state);

    /// <summary>A batch was learnt from.</summary>
    /// <param name="batch">Which, from 0.</param>
    /// <param name="loss">Its loss.</param>
    void Learnt(long batch, double loss);

    /// <summary>A round is over and stored.</summary>
    void Finished(Round round);

    /// <summary>An epoch is over.</summary>
    /// <param name="epoch">Which, from 0.</param>
    /// <param name="chosen">The subnetwork that the controller recommends now.</param>
    /// <param name="score">How it does on the validation split.</param>
    void Finished(int epoch, Subnetwork chosen, TaskScore score);
}
