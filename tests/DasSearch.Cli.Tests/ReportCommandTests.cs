using System.Text.Json;

namespace DasSearch.Cli.Tests;

/// <summary><c>das report</c> on runs that no search computed.</summary>
public sealed class ReportCommandTests : IDisposable
{
    private readonly StoredRuns _runs = new();

    public ReportCommandTests()
    {
        _runs.Add(rounds: 40);
        _runs.Add(rounds: 20);
    }

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Report_ARun_WritesThePageAndSaysWhere()
    {
        var folder = _runs.PathOf("report");
        var das = await _runs.RunAsync("report", "1", "-o", folder);

        Assert.Equal((ExitCode.Done, "", Path.Combine(folder, "index.html")), (das.Code, das.Error, das.Output.Trim()));
        Assert.Contains("Skip layers 0 and 1 of 3.", File.ReadAllText(das.Output.Trim()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_SeveralRunsAsJson_ListsTheFiles()
    {
        var folder = _runs.PathOf("report");
        var das = await _runs.RunAsync("report", "1", "2", "-o", folder, "--json");
        var facts = JsonDocument.Parse(das.Output).RootElement;

        Assert.Equal(folder, facts.GetProperty("folder").GetString());
        var files = facts.GetProperty("files").EnumerateArray().Select(file => file.GetString()!).ToList();
        Assert.Equal(Directory.GetFiles(folder).Select(Path.GetFileName).Order()!, files.Order());
        Assert.Contains("run-2-gates.svg", files);
    }

    [Fact]
    public async Task Report_WithFormats_WritesFiguresInEach()
    {
        var folder = _runs.PathOf("report");
        var das = await _runs.RunAsync("report", "1", "-o", folder, "--figures", "svg, png,pdf");

        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        Assert.Equal(
            ["gates.csv", "gates.pdf", "gates.png", "gates.svg"], Directory.GetFiles(folder, "gates.*").Select(Path.GetFileName).Order()!);
    }

    [Fact]
    public async Task Report_WhatMakesNoSense_SaysSoAndWritesNothing()
    {
        var folder = _runs.PathOf("report");
        await FailsAsync(ExitCode.Failed, "run 1 is named twice", "report", "1", "1", "-o", folder);
        await FailsAsync(ExitCode.Failed, "there is no run 7 in ", "report", "1", "7", "-o", folder);
        await FailsAsync(ExitCode.BadUsage, "RUN is missing. ", "report", "-o", folder);
        await FailsAsync(ExitCode.BadUsage, "--figures must be of svg, png, pdf, not 'eps'", "report", "1", "-o", folder, "--figures", "svg,eps");
        Assert.False(Directory.Exists(folder));

        File.WriteAllText(folder, "mine");
        await FailsAsync(ExitCode.BadUsage, $"the output {folder} is a file, but a folder is to be written", "report", "1", "-o", folder);
        Assert.Equal("mine", File.ReadAllText(folder));
    }

    private async Task FailsAsync(ExitCode code, string sentence, params string[] args)
    {
        var das = await _runs.RunAsync(args);
        Assert.Equal((code, ""), (das.Code, das.Output));
        Assert.StartsWith($"das: {sentence}", das.Error, StringComparison.Ordinal);
    }
}
