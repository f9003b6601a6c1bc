using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Models.Backbones;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>What a training does with its batches; <see cref="TrainingLoop"/> does what all trainings have in common.</summary>
internal interface ITraining<TBatch>
    where TBatch : class, IDisposable
{
    /// <summary>All that is trained, by name; the tensors are the network's own.</summary>
    IReadOnlyDictionary<string, Tensor> Weights { get; }

    /// <summary>Where it is trained.</summary>
    Device Device { get; }

    /// <summary>Whether it ends before the last batch.</summary>
    bool IsOver => false;

    /// <summary>It begins with a batch, all being as it was after the one before.</summary>
    void Start(long first);

    /// <summary>Makes a batch; a pure function of its number, called on another thread.</summary>
    TBatch Draw(long number);

    /// <summary>The batch on the training's device; takes the one that it is given.</summary>
    TBatch Move(TBatch batch);

    /// <summary>Two halves of a batch, which the caller disposes; none where it is learnt from as a whole.</summary>
    IReadOnlyList<TBatch> Halve(TBatch batch) => [];

    /// <summary>How many samples a batch or half has.</summary>
    int SizeOf(TBatch batch) => 1;

    /// <summary>The seed of what a batch's pass draws; a pure function of its number.</summary>
    long DropoutSeed(long number);

    /// <summary>What happens before a batch is learnt from.</summary>
    void Before(long number)
    {
    }

    /// <summary>The mean loss of a batch's, or a half's, samples: a scalar with its graph. Called on two threads at once.</summary>
    Tensor Loss(long number, TBatch batch);

    /// <summary>What happens once a batch was learnt from.</summary>
    /// <returns>Whether this is a good place to save the state.</returns>
    bool After(long number, double loss);

    /// <summary>Looks at what was learnt once a batch ends a part of it, which may take long; called after <see cref="After"/>.</summary>
    /// <exception cref="OperationCanceledException">It was ended early and has noted nothing: when the training goes on, it is called again.</exception>
    void Evaluate(long number, CancellationToken cancellation)
    {
    }

    /// <summary>Writes what there is beside weights and optimizer into the state's folder.</summary>
    void Write(string folder)
    {
    }

    /// <summary>Reads it back.</summary>
    void Read(string folder)
    {
    }

    /// <summary>The state after so many batches is about to be saved.</summary>
    void Saving(long done)
    {
    }

    /// <summary>It was.</summary>
    void Saved(long done)
    {
    }
}

/// <summary>The one loop of search, training and pre-training: batches drawn ahead, learnt from in order, and resumable bit for bit.</summary>
internal static class TrainingLoop
{
    // In a state's folder: the last batch is still to be evaluated.
    private const string Unevaluated = "unevaluated";

    /// <summary>Trains to the end, from where the state has it.</summary>
    /// <param name="training">What is trained.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="batches">Batches of the whole training.</param>
    /// <param name="state">Where it is saved, and restored from.</param>
    /// <param name="threads">What shares out the halves of batches; null where these are learnt from as a whole.</param>
    /// <param name="cancellation">Ends it after the batch in progress, or amid an evaluation; its state is saved first.</param>
    /// <exception cref="DasSearchException">Loss or weights are no longer numbers, or the state cannot be saved or restored.</exception>
    /// <exception cref="OperationCanceledException">It was ended; it can go on.</exception>
    internal static void Run<TBatch>(
        ITraining<TBatch> training, TransferOptimizer optimizer, long batches, TrainingState state, TwoThreads? threads, CancellationToken cancellation)
        where TBatch : class, IDisposable
    {
        var isLeft = false;
        var first = state.Restore(training.Weights, optimizer.Flat, folder =>
        {
            training.Read(folder);
            isLeft = File.Exists(Path.Combine(folder, Unevaluated));
        });
        training.Start(first);
        if (isLeft)
        {
            training.Evaluate(first - 1, cancellation);
        }

        var pace = new SavePace();
        using var ahead = new Prefetcher<TBatch>(batches - first, i => training.Draw(first + i));
        var number = first;
        for (; number < batches && !training.IsOver; number++)
        {
            using var batch = training.Move(ahead.Next(CancellationToken.None)!);
            training.Before(number);
            var isGoodPlace = training.After(number, Learn(training, optimizer, number, batch, threads));
            var isCutShort = IsCutShort(() => training.Evaluate(number, cancellation));
            if (cancellation.IsCancellationRequested || (isGoodPlace && pace.IsDue))
            {
                optimizer.CheckWeights(number);
                training.Saving(number + 1);
                pace.Save(() => state.Save(number + 1, training.Weights, optimizer.Flat, folder => Write(folder, isCutShort)));
                training.Saved(number + 1);
                cancellation.ThrowIfCancellationRequested();
            }
        }

        optimizer.CheckWeights(number - 1);

        void Write(string folder, bool isCutShort)
        {
            training.Write(folder);
            if (isCutShort)
            {
                File.WriteAllText(Path.Combine(folder, Unevaluated), "the last batch is still to be evaluated\n");
            }
        }
    }

    private static bool IsCutShort(Action evaluate)
    {
        try
        {
            evaluate();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private static double Learn<TBatch>(ITraining<TBatch> training, TransferOptimizer optimizer, long number, TBatch batch, TwoThreads? threads)
        where TBatch : class, IDisposable
    {
        var halves = threads is { Count: > 1 } ? training.Halve(batch) : [];
        var (seed, size) = (training.DropoutSeed(number), (double)training.SizeOf(batch));
        var losses = new double[2];
        try
        {
            LostScalar.Retry(Pass);
        }
        finally
        {
            foreach (var half in halves)
            {
                half.Dispose();
            }
        }

        return optimizer.End(number, losses[0] + losses[1]);

        void Pass()
        {
            optimizer.Begin();
            if (halves.Count == 0)
            {
                Half(0, batch, share: 1);
            }
            else
            {
                threads!.Run(half => Half(half, halves[half], training.SizeOf(halves[half]) / size));
            }
        }

        void Half(int half, TBatch part, double share)
        {
            using var scope = NewDisposeScope();
            using var dropout = new DropoutSource(SeededRandom.Derive(seed, "dropout", half).NextInt64(), training.Device);
            losses[half] = share * optimizer.Learn(training.Loss(number, part), share);
        }
    }
}
