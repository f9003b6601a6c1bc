using DasSearch.Core;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Training;

public sealed class TwoThreadsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-threads-");

    public TwoThreadsTests() => set_num_threads(2);

    public void Dispose()
    {
        set_num_threads(1);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Run_BothHalves_OnThreadsOfTheirOwn()
    {
        using var threads = new TwoThreads(CPU);
        var ids = new int[2];
        threads.Run(half => ids[half] = Environment.CurrentManagedThreadId);

        Assert.Equal(Environment.CurrentManagedThreadId, ids[0]);
        Assert.NotEqual(ids[0], ids[1]);
        Assert.Equal(1, get_num_threads());
    }

    [Fact]
    public void Run_HalfThatThrows_ThrowsHereAndGoesOnAfterwards()
    {
        using var threads = new TwoThreads(CPU);
        for (var failing = 0; failing < 2; failing++)
        {
            var error = Assert.Throws<DasSearchException>(() => threads.Run(half => _ = half == failing ? throw new DasSearchException($"half {half}") : half));
            Assert.Equal($"half {failing}", error.Message);
        }

        var done = new bool[2];
        threads.Run(half => done[half] = true);
        Assert.Equal([true, true], done);
    }

    [Fact]
    public void Dispose_GivesLibtorchItsThreadsBack()
    {
        new TwoThreads(CPU).Dispose();
        Assert.Equal(2, get_num_threads());
    }

    [Fact]
    public void Search_OnTwoThreads_GivesTheSameBitsEachTimeAndWhenInterrupted()
    {
        var (one, other, resumed) = (new MemoryRecorder(), new MemoryRecorder(), new MemoryRecorder());
        TinySearch.Run(TinySearch.Config, one, Folder("one"));
        TinySearch.Run(TinySearch.Config, other, Folder("other"));
        Assert.Throws<OperationCanceledException>(() => TinySearch.Run(TinySearch.Config, resumed, Folder("resumed"), endAfter: 7));
        TinySearch.Run(TinySearch.Config, resumed, Folder("resumed"));

        var losses = Losses(one);
        Assert.Equal(losses, Losses(other));
        Assert.Equal(losses, Losses(resumed));
    }

    [Fact]
    public void Search_OfSeveralBatchesAStep_GoesOnFromBetweenThemBitForBit()
    {
        var config = TinySearch.Config with { Search = TinySearch.Config.Search with { AccumulatedBatches = 3 } };
        var (whole, resumed) = (new MemoryRecorder(), new MemoryRecorder());
        TinySearch.Run(config, whole, Folder("whole"));
        Assert.Throws<OperationCanceledException>(() => TinySearch.Run(config, resumed, Folder("resumed"), endAfter: 6)); // the first of three
        TinySearch.Run(config, resumed, Folder("resumed"));

        Assert.Equal(Losses(whole), Losses(resumed));
    }

    private static List<double?> Losses(MemoryRecorder recorder) =>
        [.. recorder.Rounds.SelectMany(round => round.Evaluations).Select(one => one.Loss)];

    private string Folder(string name) => Path.Combine(_folder.FullName, name);
}
