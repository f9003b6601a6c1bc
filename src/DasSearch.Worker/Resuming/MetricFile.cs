using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Worker.Resuming;

/// <summary>Metrics in a small file beside saved weights, for a training whose rows go to the store only at its end.</summary>
internal static class MetricFile
{
    private const string Name = "metrics.csv";

    internal static void Write(string folder, IEnumerable<Metric> metrics) =>
        File.WriteAllLines(
            Path.Combine(folder, Name),
            metrics.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Name},{metric.Step},{metric.Value:R}")));

    internal static IEnumerable<Metric> Read(string folder) => File.ReadLines(Path.Combine(folder, Name)).Select(line =>
    {
        var cells = line.Split(',');
        return new Metric(
            cells[0],
            long.Parse(cells[1], CultureInfo.InvariantCulture),
            cells[2].Length == 0 ? null : double.Parse(cells[2], CultureInfo.InvariantCulture));
    });
}
