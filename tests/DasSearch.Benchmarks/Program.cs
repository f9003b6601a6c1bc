using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using DasSearch.Benchmarks;
using DasSearch.Benchmarks.Stores;

if (args is ["store", .. var rest])
{
    return StoreBenchmark.Run(rest);
}

if (args is ["dashboard", .. var which])
{
    return await DashboardBenchmark.RunAsync(which);
}

if (args is ["watch", .. var minutes])
{
    return await DashboardWatch.RunAsync(minutes);
}

if (args is ["arrays", .. var place])
{
    return TaskArrays.Run(place);
}

if (args is ["pictures", .. var shown])
{
    return TaskPictures.Run(shown);
}

if (args is ["reading", .. var seconds])
{
    return PictureReading.Run(seconds);
}

if (args is ["precision", .. var searched])
{
    return PrecisionStudy.Run(searched);
}

// Without arguments all of libtorch's are measured; --filter, --list and the rest are BenchmarkDotNet's own.
var config = ManualConfig.Create(DefaultConfig.Instance).Configured();
return BenchmarkSwitcher
    .FromAssembly(Assembly.GetExecutingAssembly())
    .Run(args.Length == 0 ? ["--filter", "*"] : args, config)
    .Any(summary => summary.HasCriticalValidationErrors)
    ? 1
    : 0;
