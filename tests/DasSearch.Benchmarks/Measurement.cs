using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace DasSearch.Benchmarks;

/// <summary>How everything here is measured.</summary>
internal static class Measurement
{
    /// <summary>In this process: libtorch's native half is built once, and BenchmarkDotNet's own builds would not find it.</summary>
    internal static ManualConfig Configured(this ManualConfig config) => config
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(5)
            .WithIterationCount(20))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumn(StatisticColumn.Median)
        .AddFilter(new SimpleFilter(benchmark => PyTorchPeer.IsInstalled || benchmark.Descriptor.WorkloadMethod.Name != nameof(TransformerBlock.PyTorch)))
        .WithSummaryStyle(SummaryStyle.Default.WithRatioStyle(RatioStyle.Value))
        .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableOptimizationsValidator);
}
