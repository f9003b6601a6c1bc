using System.Globalization;

namespace DasSearch.Benchmarks.Stores;

/// <summary>How fast the store takes evaluations in, and how fast and in how little memory the commands read them.</summary>
internal static class StoreBenchmark
{
    private const int Evaluations = 1_000_000;
    private const int Repetitions = 5;

    /// <summary>Measures, and prints tables in Markdown.</summary>
    /// <param name="args">How many evaluations the databases have; a million unless given.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] args)
    {
        var evaluations = Evaluations;
        if (args.Length > 1 || (args.Length == 1 && !(int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out evaluations) && evaluations > 0)))
        {
            Console.Error.WriteLine("./das bench store takes how many evaluations to store, such as 100000, and nothing else");
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("das-bench-");
        try
        {
            // As many researchers have it, and the worst that there can be.
            Measure(Path.Combine(folder.FullName, "many.db"), runs: 200, evaluations);
            Measure(Path.Combine(folder.FullName, "one.db"), runs: 1, evaluations);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(string database, int runs, int evaluations)
    {
        var report = Path.ChangeExtension(database, null);
        var insertion = MadeUpRuns.Write(database, runs, evaluations);
        Print($"{runs} runs, {insertion.Evaluations:N0} evaluations, {new FileInfo(database).Length / 1e6:F0} MB");
        Print($"recorded per second: {insertion.Evaluations / insertion.Wall.TotalSeconds:N0}, and per second of the processors {insertion.Evaluations / insertion.Processor.TotalSeconds:N0}");
        Print($"");
        Print($"| command | time | of the processors | peak memory |");
        Print($"|---|---:|---:|---:|");
        foreach (var command in Commands(runs, report))
        {
            var costs = Enumerable.Range(0, Repetitions).Select(_ => ProcessMeter.Run([.. command, "--db", database])).ToList();
            Print($"| `das {string.Join(' ', command).Replace(report, "DIR", StringComparison.Ordinal)}` | {Median(costs, cost => cost.Wall):F2} s | {Median(costs, cost => cost.Processor):F2} s | {costs.Max(cost => cost.PeakMemory) / 1e6:F0} MB |");
        }

        Print($"");
    }

    private static string[][] Commands(int runs, string report)
    {
        var last = runs.ToString(CultureInfo.InvariantCulture);
        return
        [
            ["runs"],
            ["show", last],
            ["rewards", last, "--by", "layer"],
            ["rewards", last, "--by", "layer", "--rounds", "100..", "--skipping", "3"],
            ["rewards", last, "--by", "subnetwork"],
            ["rewards", last, "--by", "round", "--format", "csv"],
            ["rewards", last, "--by", "evaluation", "--format", "csv"],
            ["rewards", last, "--by", "evaluation", "--format", "json"],
            ["rewards", last, "--by", "evaluation", "--sort", "reward"],
            ["report", last, "-o", report],
        ];
    }

    private static double Median(IEnumerable<ProcessCost> costs, Func<ProcessCost, TimeSpan> time) =>
        costs.Select(cost => time(cost).TotalSeconds).Order().ElementAt(Repetitions / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
