using System.Text.Json;
using DasSearch.Core;
using DasSearch.Reporter.Importance;
using DasSearch.Store;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>Notebooks, run by Jupyter from top to bottom.</summary>
public sealed class NotebookExportTests : IDisposable
{
    // As far as two ways of computing one number may differ.
    private const double Tolerance = 1e-9;

    private const string PrintLayers = "print(layers[['importance', 'lower', 'upper']].to_json(orient='values', double_precision=15))";

    private readonly StoredRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Notebook_OfARun_HasTheReportsNumbers()
    {
        _runs.Add(60, noise: 1);
        var notebook = await ExportAsync();
        var layers = JsonSerializer.Deserialize<double[][]>(await Referee.JupyterAsync(notebook, PrintLayers))!;

        using var store = RunStore.Open(_runs.Database, TimeProvider.System);
        var expected = new ImportanceAnalysis(RewardSums.Read(store.Read, store.Read.Run(1))).Layers.Select(layer => layer.Importance!).ToList();
        Assert.Equal(expected.Count, layers.Length);
        Assert.All(expected.Zip(layers), pair =>
        {
            Assert.Equal(pair.First.Value, pair.Second[0], Tolerance);
            Assert.Equal(pair.First.Lower, pair.Second[1], Tolerance);
            Assert.Equal(pair.First.Upper, pair.Second[2], Tolerance);
        });
    }

    [Fact]
    public async Task Notebook_IsLaidOutAsJupyterDoes()
    {
        _runs.Add(5);
        var notebook = await ExportAsync();
        var text = await File.ReadAllTextAsync(notebook);
        using var parsed = JsonDocument.Parse(text);
        var cells = parsed.RootElement.GetProperty("cells").EnumerateArray().ToList();

        Assert.Equal((4, 5), (parsed.RootElement.GetProperty("nbformat").GetInt32(), parsed.RootElement.GetProperty("nbformat_minor").GetInt32()));
        Assert.Equal(cells.Count, cells.Select(cell => cell.GetProperty("id").GetString()).Distinct().Count());
        Assert.StartsWith("# made-up, run 1\n", cells[0].GetProperty("source")[0].GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        Assert.Contains("DATABASE = Path(\\\"runs.db\\\")", text, StringComparison.Ordinal);
        Assert.Equal(text, await Referee.JupyterFormatsAsync(notebook));
    }

    [Fact]
    public async Task Notebook_WithoutItsRun_IsRefused()
    {
        _runs.Add(0, RunStatus.Interrupted);
        var plan = _runs.PathOf("plan.json");
        await _runs.RunAsync("plan", "1", "--modules", "0,1", "-o", plan);
        var das = await _runs.RunAsync("export", plan, "--to", "notebook");
        Assert.Equal((ExitCode.Failed, $"das: run 1 has no rounds yet: das resume 1 --db {_runs.Database} goes on with it\n"), (das.Code, das.Error));

        das = await Das.RunAsync(["export", plan, "--to", "notebook", "--db", _runs.PathOf("none.db")]);
        Assert.Equal(ExitCode.Failed, das.Code);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(plan)!, "*.ipynb"));
    }

    [Fact]
    public async Task CommittedNotebook_RunsFromTopToBottom()
    {
        var folder = Directory.CreateDirectory(_runs.PathOf("notebooks")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Referee.Root, "notebooks-export")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var layers = JsonSerializer.Deserialize<double[][]>(await Referee.JupyterAsync(Path.Combine(folder, "vqa-das4.ipynb"), PrintLayers))!;
        Assert.Equal(12, layers.Length);
        Assert.All(layers, layer => Assert.InRange(layer[0], layer[1], layer[2]));
    }

    private async Task<string> ExportAsync()
    {
        var (plan, notebook) = (_runs.PathOf("plan.json"), _runs.PathOf("notebook.ipynb"));
        await _runs.RunAsync("plan", "1", "-o", plan);
        var das = await _runs.RunAsync("export", plan, "--to", "notebook", "-o", notebook);
        Assert.Equal((ExitCode.Done, notebook), (das.Code, das.Output.Trim()));
        return notebook;
    }
}
