using System.Globalization;
using CsvHelper;
using DasSearch.App;
using DasSearch.Formats;
using Spectre.Console;

namespace DasSearch.Cli.Inspecting;

/// <summary>Controllers that were replayed, beside each other.</summary>
/// <param name="comparison">The controllers.</param>
internal sealed class ReplayView(ReplayComparison comparison)
{
    private readonly int _top = comparison.Top;

    /// <summary>What a program reads.</summary>
    internal object Facts => new
    {
        Subnetworks = comparison.Table.Ranked.Count,
        Top = _top,
        Controllers = comparison.Curves.Select(curve => new { curve.Controller, EvaluationsToTop = curve.EvaluationsTo(_top), curve.Stops, curve.Points }),
    };

    /// <summary>What a person reads.</summary>
    internal void Print(IAnsiConsole console)
    {
        var rows = Tables.Create("controller", ">evaluations", ">mean rank", ">±", ">median", ">mean regret", ">±", $">to rank {_top}");
        foreach (var curve in comparison.Curves)
        {
            var last = curve.Points[^1];
            rows.Add(
                curve.Controller,
                Tables.Count(last.Evaluations),
                Tables.Number(last.MeanRank, "F1"),
                Tables.Number(last.RankError, "F1"),
                Tables.Number(last.MedianRank, "F0"),
                Tables.Number(last.MeanRegret, "F4"),
                Tables.Number(last.RegretError, "F4"),
                curve.EvaluationsTo(_top)?.ToString(CultureInfo.InvariantCulture) ?? "–");
        }

        console.Write(rows);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ranks are of {comparison.Table.Ranked.Count}; to rank {_top}: evaluations until the mean rank is among the best 2 %, and stays there"));
        PrintStops(console);
    }

    private void PrintStops(IAnsiConsole console)
    {
        if (comparison.Curves[0].Stops is not { } rule)
        {
            return;
        }

        console.WriteLine();
        var rows = Tables.Create("controller", ">searches ended", ">evaluations", ">wrong", ">mean rank");
        foreach (var curve in comparison.Curves)
        {
            var stops = curve.Stops!;
            rows.Add(curve.Controller, Tables.Number(stops.Share, "P1"), Tables.Number(stops.MeanEvaluations, "F0"), Tables.Number(stops.Wrong, "P1"), Tables.Number(stops.MeanRank, "F1"));
        }

        console.Write(rows);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"a choice is wrong where another subnetwork has over {rule.Tolerance:P1} more reward on the whole split; evaluations and ranks are means of searches that ended early"));
    }

    /// <summary>All points as CSV.</summary>
    /// <exception cref="OutputException">It cannot be written.</exception>
    internal void Write(string path) => OutputFile.Write(path, file =>
    {
        using var csv = CsvWriter.Create(file, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        Line(csv, "controller", "evaluations", "median_rank", "mean_rank", "rank_error", "mean_regret", "regret_error");
        foreach (var (curve, point) in comparison.Curves.SelectMany(curve => curve.Points.Select(point => (curve, point))))
        {
            Line(csv, curve.Controller, point.Evaluations, point.MedianRank, point.MeanRank, point.RankError, point.MeanRegret, point.RegretError);
        }
    });

    private static void Line(CsvWriter csv, params IReadOnlyList<object> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(cell);
        }

        csv.EndRecord();
    }
}
