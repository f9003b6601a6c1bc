using System.Diagnostics;
using System.Globalization;
using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Search;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.App;

/// <summary>What one round of a search takes on this machine, by a search that has no more: a training step of warm-up, a round's candidates, and a training step.</summary>
/// <param name="Backbone">The backbone's name; its weights are random, and so are texts and images.</param>
/// <param name="Batch">Samples of a batch, in training and in fast validation.</param>
/// <param name="ImageSide">Height and width of an image, in pixels; 0 for none.</param>
/// <param name="TextLength">Tokens of a text.</param>
/// <param name="TrainingSteps">Batches that were learnt from.</param>
/// <param name="Candidates">Subnetworks that were scored.</param>
/// <param name="Skip">Modules that each of them skipped.</param>
/// <param name="PeakBytes">The most memory that the process had resident.</param>
/// <param name="IsOfRoundAlone">Whether that is since the network was built; else, where the system does not tell, since the process began.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record RoundProfile(
    string Backbone, int Batch, int ImageSide, int TextLength, int TrainingSteps, int Candidates, int Skip, long PeakBytes, bool IsOfRoundAlone, double Seconds)
{
    /// <summary>The same in GiB.</summary>
    public double PeakGib => PeakBytes / (double)(1 << 30);

    /// <summary>Does one, with DAS's adapters at the sizes of its authors' code, on the processor.</summary>
    /// <param name="input">What the backbone is shown.</param>
    /// <exception cref="DasSearchException">There is no room for it.</exception>
    public static RoundProfile Of(BackboneEntry backbone, InputShape input, int batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(input);
        var task = new MadeUpTask(input, batch);
        var config = new RunConfig
        {
            Task = "made-up",
            Backbone = backbone.Name,
            Adapters = backbone.Adapters,
            Search = new SearchConfig { Epochs = 2, WarmUpEpochs = 1, StepsBetweenRounds = 1, BatchSize = batch },
        }.Resolved();
        var folder = Directory.CreateTempSubdirectory("das-round-");
        try
        {
            using var scope = NewDisposeScope();
            using var network = TransferNetwork.Build(new NetworkRequest
            {
                Backbone = backbone, Method = new DasTransfer(), Task = task, Transfer = new TransferSettings { Adapters = config.Adapters },
            });
            config = config with { Skip = Math.Min(config.Skip, network.Backbone.Modules.Count - 1) };
            var space = SearchSpace.Of(config, network.Costs());
            var seen = new Seen();
            var searcher = new Searcher(new SearchSetup
            {
                Config = config,
                Network = network,
                Task = task,
                Space = space,
                Controller = ControllerTable.Create(config.Controller.Name, ControllerSettings.Of(space, config.Controller), config.Controller.Candidates),
                Recorder = seen,
            });
            var isReset = ProcessMemory.ForgetPeak();
            var clock = Stopwatch.StartNew();
            searcher.Run(new TrainingState(Path.Combine(folder.FullName, "search"), "round", "search"), seen, cancellation);
            return new RoundProfile(
                backbone.Name, batch, input.ImageWidth, input.TextLength, seen.Steps, seen.Candidates, config.Skip, ProcessMemory.Peak(), isReset, clock.Elapsed.TotalSeconds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Seen : IRunRecorder, ISearchProgress
    {
        internal int Steps { get; private set; }

        internal int Candidates { get; private set; }

        public void Record(Round round) => Candidates += round.Evaluations.Count(static candidate => candidate.Outcome != EvaluationOutcome.Failed
            ? true
            : throw new DasSearchException($"a candidate could not be scored: {candidate.Problem}"));

        public void Record(IReadOnlyList<Metric> metrics)
        {
        }

        public void Saved(int rounds)
        {
        }

        public void Started(SearchSchedule schedule, long batch, ControllerState state)
        {
        }

        public void Learnt(long batch, double loss) => Steps++;

        public void Finished(Round round)
        {
        }

        public void Finished(int epoch, Subnetwork chosen, TaskScore score)
        {
        }
    }

    /// <summary>Questions with VQA's number of answers, whose texts and images say nothing: one batch a split.</summary>
    private sealed class MadeUpTask(InputShape input, int batch) : IVisionLanguageTask
    {
        private const int Answers = 3129;

        public TaskFacts Facts { get; } = new(
            "made-up",
            TaskKind.Answering,
            [.. Enumerable.Range(0, Answers).Select(static answer => answer.ToString(CultureInfo.InvariantCulture))],
            Images: input.ImageWidth > 0 ? 1 : 0,
            Texts: 1,
            input.Vocabulary,
            input.TextLength,
            input.ImageWidth,
            [batch, batch, batch]);

        public Batch Batch(Split split, long epoch, int index, int size)
        {
            var random = SeededRandom.Derive(0, "made-up", (int)split);
            var (side, words) = (input.ImageWidth, input.TextLength);
            var labels = Enumerable.Range(0, size).Select(_ => random.NextInt64(Answers)).ToArray();
            using var scope = NewDisposeScope();
            var targets = nn.functional.one_hot(tensor(labels), Answers).to(ScalarType.Float32);
            return new Batch(
                side > 0 ? [Own(tensor(Draw(size * 3 * side * side, () => random.NextSingle() - 0.5f), [size, 3, side, side]))] : [],
                new Texts(
                    Own(tensor(Draw(size * words, () => random.NextInt64(input.Vocabulary)), [size, words])),
                    Own(ones([size, words], ScalarType.Bool))),
                Own(tensor(labels)),
                Own(targets),
                [.. Enumerable.Range(0, size)]);
        }

        private static T[] Draw<T>(int count, Func<T> next)
        {
            var drawn = new T[count];
            for (var i = 0; i < count; i++)
            {
                drawn[i] = next();
            }

            return drawn;
        }

        private static Tensor Own(Tensor made) => made.DetachFromDisposeScope();
    }
}

/// <summary>How much memory this process had resident at most, as the system tells it.</summary>
internal static class ProcessMemory
{
    private const string Line = "VmHWM:";

    /// <summary>Lets the system begin anew with what it holds now.</summary>
    /// <returns>Whether it does; Linux alone can, where its files of processes may be written.</returns>
    internal static bool ForgetPeak()
    {
        try
        {
            using var file = new FileStream("/proc/self/clear_refs", FileMode.Open, FileAccess.Write);
            file.Write("5"u8);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>In bytes.</summary>
    internal static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith(Line, StringComparison.Ordinal));
            return line is null ? process.PeakWorkingSet64 : 1024 * long.Parse(line[Line.Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return process.PeakWorkingSet64;
        }
    }
}
