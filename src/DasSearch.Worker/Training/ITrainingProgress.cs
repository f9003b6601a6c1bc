namespace DasSearch.Worker.Training;

/// <summary>Who wants to know how the training of a plan is getting on; called on the training's own thread.</summary>
public interface ITrainingProgress
{
    /// <summary>It begins, or goes on.</summary>
    /// <param name="batches">Batches of the whole training.</param>
    /// <param name="batchesPerEpoch">Batches of an epoch.</param>
    /// <param name="first">The first batch of this process.</param>
    void Started(long batches, int batchesPerEpoch, long first);

    /// <summary>A batch was learnt from.</summary>
    /// <param name="batch">Which, from 0.</param>
    /// <param name="loss">Its loss.</param>
    void Learnt(long batch, double loss);

    /// <summary>An epoch is over.</summary>
    /// <param name="epoch">Which, from 0.</param>
    /// <param name="score">How the network does on the validation split.</param>
    void Finished(int epoch, TaskScore score);

    /// <summary>Something slow begins that has no batches, such as a test.</summary>
    /// <param name="what">What, in a few words.</param>
    void Began(string what);
}
