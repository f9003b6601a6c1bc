using System.Globalization;
using TorchSharp.Modules;
using TorchSharp.Tests.Support;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Training;

/// <summary>A long run in dispose scopes neither holds tensors nor grows.</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    /// <summary>Until the runtime has settled: tiered compilation and the allocators' arenas grow for some thousand steps.</summary>
    private const int WarmUp = 15_000;
    private const int Steps = 10_000;

    [Fact]
    public void Training_TenThousandSteps_LeavesLiveCountAndResidentMemoryFlat()
    {
        using var setting = NewDisposeScope();
        using var model = new SmallNet();
        using var optimizer = optim.AdamW(model.parameters(), 1e-3);
        var (x, y) = (randn(8, 12), randint(0, 3, new long[] { 8 }));
        Run(model, optimizer, x, y, WarmUp);

        var (live, resident) = (Tensor.TotalCount, Resident());
        Run(model, optimizer, x, y, Steps);
        var growth = Resident() - resident;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident {resident} kB, growth {growth} kB"));
        Assert.Equal(live, Tensor.TotalCount);
        Assert.True(growth < 2 * 1024, $"resident memory grew by {growth} kB in {Steps} steps");
    }

    [Fact]
    public void TotalCount_WithTensorsKeptOutsideScopes_Rises()
    {
        var before = LiveTensors.Settled();
        var kept = Enumerable.Range(0, 5).Select(_ => ones(2)).ToArray();
        Assert.Equal(before + 5, Tensor.TotalCount);
        Assert.True(Tensor.PeakCount >= Tensor.TotalCount);
        foreach (var tensor in kept)
        {
            tensor.Dispose();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Step_OutsideAScope_IsSeenInTheCount()
    {
        using var setting = NewDisposeScope();
        using var model = new SmallNet();
        var x = randn(8, 12);
        var before = LiveTensors.Settled();
        model.call(x);
        Assert.True(Tensor.TotalCount > before, "the result of an unscoped forward is alive until its owner goes");
    }

    private static void Run(SmallNet model, AdamW optimizer, Tensor x, Tensor y, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = functional.cross_entropy(model.call(x), y);
            loss.backward();
            optimizer.step();
        }
    }

    /// <summary>VmRSS in kB, after the collector has given back what it only keeps ready.</summary>
    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Linear, layer norm, GELU, Linear.</summary>
    private sealed class SmallNet : Module<Tensor, Tensor>
    {
        private readonly Linear _first = Linear(12, 16);
        private readonly Parameter _scale = Parameter(ones(16));
        private readonly Parameter _shift = Parameter(zeros(16));
        private readonly Linear _second = Linear(16, 3);

        public SmallNet()
            : base(nameof(SmallNet)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var normed = functional.layer_norm(_first.call(input), [16], _scale, _shift);
            return _second.call(functional.gelu(normed)).MoveToOuterDisposeScope();
        }
    }
}
