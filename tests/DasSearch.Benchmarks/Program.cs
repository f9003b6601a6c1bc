using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using DasSearch.Benchmarks;

// Without arguments everything is measured; --filter, --list and the rest are BenchmarkDotNet's own.
var config = ManualConfig.Create(DefaultConfig.Instance).Configured();
return BenchmarkSwitcher
    .FromAssembly(Assembly.GetExecutingAssembly())
    .Run(args.Length == 0 ? ["--filter", "*"] : args, config)
    .Any(summary => summary.HasCriticalValidationErrors)
    ? 1
    : 0;
