using System.Text.Json;

namespace DasSearch.Cli.Tests;

/// <summary><c>das analyse</c> on a tiny search that is done, and on plans of it that are trained.</summary>
public sealed class AnalyseCommandTests(SearchFixture fixture) : IClassFixture<SearchFixture>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-analyse-");

    private string Place => Path.Combine(_folder.FullName, "figures");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Help_ListsTheAnalysesWithTheirPapers()
    {
        var das = await Das.RunAsync(["analyse", "--help"]);
        Assert.Equal(ExitCode.Done, das.Code);
        Assert.All([" skipped score against", " similarity how like", " jsd how far", " drift how far", " channels which channels", " attention where", "(DAS, Fig. 1a)", "(APT, Fig. 3)", "(PELA, Fig. 2)"], part => Assert.Contains(part, string.Join(' ', das.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Skipped_ScoresEveryNumberOfModules_TheSameEachTime()
    {
        var one = await AnalyseAsync(fixture.Plan, "skipped", "--json");
        var rows = Facts(one).GetProperty("rows").EnumerateArray().ToList();

        Assert.Equal([0, 1, 2, 3], rows.Select(row => row.GetProperty("n_skipped").GetInt32()).Distinct());
        var chosen = rows.Single(row => row.GetProperty("choice").GetString() == "controller" && row.GetProperty("n_skipped").GetInt32() == 2);
        using var plan = JsonDocument.Parse(File.ReadAllText(fixture.Plan));
        Assert.Equal(string.Join(',', plan.RootElement.GetProperty("skip").EnumerateArray().Select(module => module.GetProperty("index").GetInt32())), chosen.GetProperty("skip").GetString());
        Assert.All(rows, row => Assert.InRange(row.GetProperty("accuracy").GetDouble(), 0, 1));
        Assert.Equal(["skipped.csv", "skipped.svg"], Directory.GetFiles(Place).Select(Path.GetFileName).Order()!);
        Assert.Equal(one.Output, (await AnalyseAsync(fixture.Plan, "skipped", "--json")).Output);
    }

    [Fact]
    public async Task Features_OfATrainedPlan_AreLookedAt()
    {
        var plan = await TrainedAsync("layer-norm");
        var drift = Facts(await AnalyseAsync(plan, "drift", "--json")).GetProperty("rows");
        Assert.Equal((2 * 2 * 2) + 2, drift.GetArrayLength()); // weight and bias of two norms in two kept layers, and of the last
        Assert.All(drift.EnumerateArray(), row => Assert.InRange(row.GetProperty("mean_absolute").GetDouble(), 1e-9, 1));

        var jsd = Facts(await AnalyseAsync(plan, "jsd", "--samples", "20", "--json"));
        Assert.Equal(20, jsd.GetProperty("rows").GetArrayLength());
        Assert.InRange(jsd.GetProperty("summary")[0].GetProperty("mean").GetDouble(), 1e-9, Math.Log(2));
        var paper = Facts(await AnalyseAsync(plan, "jsd", "--samples", "20", "--form", "paper", "--json"));
        Assert.NotEqual(jsd.GetProperty("rows").ToString(), paper.GetProperty("rows").ToString());

        var text = await AnalyseAsync(plan, "similarity", "--samples", "20", "--figures", "png,pdf");
        Assert.Equal(
            new[] { "png", "pdf", "csv" }.Select(end => Path.Combine(Place, $"similarity.{end}")), text.Output.TrimEnd().Split('\n')[^3..]);
        Assert.Equal(1 + (2 * 5), File.ReadAllLines(Path.Combine(Place, "similarity.csv")).Length);
    }

    [Fact]
    public async Task Attention_OfAPT_IsSharedOut()
    {
        var plan = await TrainedAsync("apt", "--set", "method.tokens=3");
        var shares = Facts(await AnalyseAsync(plan, "attention", "--samples", "20", "--json")).GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(2, shares.Count);
        Assert.All(shares, layer => Assert.Equal(1, new[] { "text_text", "text_image", "text_prompt" }.Sum(share => layer.GetProperty(share).GetDouble()), 1e-5));
        Assert.Equal(["attention-map.csv", "attention-map.svg", "attention.csv", "attention.svg"], Directory.GetFiles(Place).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
    }

    [Fact]
    public async Task Channels_OfSeveralPlans_AreComparedWithChance()
    {
        var plan = await TrainedAsync("ttc", "--set", "method.channels=4", "--set", "method.choice=random");
        var alone = Facts(await AnalyseAsync(plan, "channels", "--json"));
        Assert.Equal(2 * 4, alone.GetProperty("rows").GetArrayLength()); // of two kept layers

        // Two of one training agree wholly, where 4 of 8 channels have 2 in common by chance.
        var das = await fixture.RunWithDatabaseAsync("analyse", plan, plan, "--what", "channels", "-o", Place, "--json");
        var figures = JsonDocument.Parse(das.Output).RootElement.GetProperty("figures");
        Assert.Equal(2 * 2 * 4, figures[0].GetProperty("rows").GetArrayLength());
        Assert.All(figures[1].GetProperty("rows").EnumerateArray(), row => Assert.Equal((4, 2.0), (row.GetProperty("common").GetInt32(), row.GetProperty("expected").GetDouble())));
    }

    [Fact]
    public async Task WhatMakesNoSense_IsOneSentence_AndNothingIsWritten()
    {
        var das = await TrainedAsync("das");
        await FailsAsync(ExitCode.Failed, $"{das} was trained with das, which trains no norms: drift is of methods that do, such as layer-norm", das, "--what", "drift");
        await FailsAsync(ExitCode.Failed, $"{fixture.Plan} is not trained yet: das train ", fixture.Plan, "--what", "jsd");
        await FailsAsync(ExitCode.Failed, $"{das} was trained with das, which chooses no channels: channels is of methods that do, such as ttc", das, "--what", "channels");
        await FailsAsync(ExitCode.Failed, $"{das} was trained with das, which has no prompts: attention is of methods that do, such as apt and prompt-deep", das, "--what", "attention");
        await FailsAsync(ExitCode.BadUsage, "--weighed is not for jsd, but for attention", das, "--what", "jsd", "--weighed");
        await FailsAsync(ExitCode.BadUsage, "--against is not for jsd, but for similarity", das, "--what", "jsd", "--against", "other.safetensors");
        await FailsAsync(ExitCode.BadUsage, "--form is not for drift, but for jsd", das, "--what", "drift", "--form", "true");
        await FailsAsync(ExitCode.BadUsage, "drift is of one plan, not of 2", das, fixture.Plan, "--what", "drift");
        await FailsAsync(ExitCode.BadUsage, "--samples must be at least 2, not 1", das, "--what", "jsd", "--samples", "1");
        await FailsAsync(ExitCode.BadUsage, "--figures must be of svg, png, pdf, not 'eps'", das, "--what", "jsd", "--figures", "eps");
        await FailsAsync(ExitCode.BadUsage, "there is no analysis nothing: there are skipped, similarity, ", das, "--what", "nothing");
        var imported = Path.Combine(_folder.FullName, "imported.json");
        await SearchFixture.RunAsync("import", "skip_module=[1]", "--backbone", "vilt", "-o", imported);
        await FailsAsync(ExitCode.Failed, $"{imported} came of no run: only a search has a supernet with all subnetworks", imported, "--what", "skipped");
    }

    private static JsonElement Facts(Das das)
    {
        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        return JsonDocument.Parse(das.Output).RootElement.GetProperty("figures")[0];
    }

    private Task<Das> AnalyseAsync(string plan, string what, params string[] more) =>
        fixture.RunWithDatabaseAsync(["analyse", plan, "--what", what, "-o", Place, "-q", .. more]);

    private async Task<string> TrainedAsync(string method, params string[] more)
    {
        var plan = Path.Combine(_folder.FullName, $"{method}.json");
        var das = await fixture.RunWithDatabaseAsync(["train", fixture.Plan, "--method", method, "-o", plan, "-q", .. more]);
        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        return plan;
    }

    private async Task FailsAsync(ExitCode code, string sentence, params string[] args)
    {
        var das = await fixture.RunWithDatabaseAsync(["analyse", .. args, "-o", Place, "-q"]);
        Assert.Equal((code, ""), (das.Code, das.Output));
        Assert.StartsWith($"das: {sentence}", das.Error, StringComparison.Ordinal);
        Assert.Single(das.Error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(Place));
    }
}
