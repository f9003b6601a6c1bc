using System.Globalization;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Store;
using DasSearch.Store.Optuna;

namespace DasSearch.Exports;

/// <summary>The rewards that the plan stands on, as studies that Optuna and its dashboard open.</summary>
internal sealed class OptunaExporter : IPlanExporter
{
    private const string Runs = "runs";
    private const string All = "all";

    public string Name => "optuna";

    public string Summary => "the rewards behind the plan as an Optuna storage, for its dashboard";

    public string Suffix => ".optuna.db";

    public IReadOnlyList<ExportOption> Options { get; } =
        [new(Runs, $"which runs of the database become studies, such as 1,4 or {All}; by default the plan's")];

    public void Claim(OutputGuard guard, ExportRequest request) => guard.Claim(request.Output, OptunaFile.Kind);

    public ExportResult Export(ExportRequest request)
    {
        if (request.Database is not { } path)
        {
            throw new ExportException("optuna needs the database with the plan's run: name it with --db");
        }

        using var store = request.Open(path);
        var runs = Chosen(request, store.Read, path);
        var trials = OptunaFile.Write(store.Read, runs, request.Output);
        var studies = runs.Count == 1 ? "1 study" : $"{runs.Count} studies";
        return new ExportResult(
            [request.Output],
            [$"{studies} with {trials} trials; to look at them: {ShellLine.Of("optuna-dashboard", $"sqlite:///{request.Output}")}"]);
    }

    private static IReadOnlyList<long> Chosen(ExportRequest request, IRunReader read, string path)
    {
        if (!request.Options.TryGetValue(Runs, out var wanted))
        {
            return [PlanRun.Get(read, request.Plan, request.PlanPath, path).Summary.Run];
        }

        if (wanted == All)
        {
            return [.. read.Runs().Select(run => run.Run)];
        }

        return [.. wanted.Split(',').Select(part => Number(part, wanted)).Distinct()];
    }

    private static long Number(string part, string wanted) =>
        long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ExportUsageException($"--option {Runs} must be numbers of runs such as 1,4, or {All}, not '{wanted}'");
}
