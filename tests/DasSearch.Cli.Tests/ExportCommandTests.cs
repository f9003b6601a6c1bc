using System.Text.Json;
using DasSearch.Exports;
using DasSearch.Formats;

namespace DasSearch.Cli.Tests;

/// <summary>Plans out of das, and what the authors' code leaves behind into it.</summary>
public sealed class ExportCommandTests(SearchFixture fixture) : IClassFixture<SearchFixture>
{
    [Fact]
    public async Task Export_Help_ListsEveryTargetAndEveryOption()
    {
        var das = await Das.RunAsync(["export", "--help"]);
        foreach (var exporter in ExporterTable.Standard.All)
        {
            Assert.Contains($"{exporter.Name}: {exporter.Summary}", das.Output, StringComparison.Ordinal);
            Assert.All(
                exporter.Options,
                option => Assert.Contains($"{exporter.Name} {option.Key}: {option.Summary}", das.Output, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Export_WithoutOutput_LiesBesideThePlan()
    {
        var das = await fixture.RunWithDatabaseAsync("export", fixture.Plan, "--to", "csv");
        Assert.Equal((ExitCode.Done, "", fixture.PathOf("found.csv")), (das.Code, das.Error, das.Output.Trim()));
        Assert.Equal(1 + 4, File.ReadAllLines(fixture.PathOf("found.csv")).Length);
    }

    [Fact]
    public async Task Export_Json_NamesFilesAndNotes()
    {
        var output = fixture.PathOf("found.yaml");
        string[] command = ["export", fixture.Plan, "--to", "mergekit", "--option", "model=org/vilt", "-o", output];
        var text = await fixture.RunWithDatabaseAsync(command);
        var json = await fixture.RunWithDatabaseAsync([.. command, "--json"]);

        Assert.Equal(output, text.Output.Trim());
        Assert.StartsWith("note: mergekit can only drop layers", text.Error, StringComparison.Ordinal);
        var facts = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(("mergekit", output), (facts.GetProperty("target").GetString(), facts.GetProperty("files")[0].GetString()));
        Assert.Equal(2, facts.GetProperty("notes").GetArrayLength());
        Assert.Equal("", json.Error);
    }

    [Theory]
    [InlineData(ExitCode.BadUsage, "there is no target 'cvs'", "--to", "cvs")]
    [InlineData(ExitCode.BadUsage, "--option must be KEY=VALUE, not 'model'", "--to", "mergekit", "--option", "model")]
    [InlineData(ExitCode.BadUsage, "--option model is there twice", "--to", "mergekit", "--option", "model=a", "--option", "model=b")]
    [InlineData(ExitCode.BadUsage, "--option scale: mergekit has no such option, only model", "--to", "mergekit", "--option", "scale=2")]
    [InlineData(ExitCode.BadUsage, "which is no folder", "--to", "csv", "-o", "/none/out.csv")]
    [InlineData(ExitCode.Failed, "/proc/out.csv cannot be written", "--to", "csv", "-o", "/proc/out.csv")]
    [InlineData(ExitCode.Failed, "the authors' code for vilt has 12 modules", "--to", "das-official")]
    [InlineData(ExitCode.Failed, "there is no database", "--to", "csv", "--db", "/none.db")]
    public async Task Export_BadInput_SaysSoInOneSentence(ExitCode code, string expected, params string[] options)
    {
        var das = await SearchFixture.RunAsync(["export", fixture.Plan, .. options]);
        Assert.Equal((code, ""), (das.Code, das.Output));
        Assert.Contains(expected, das.Error, StringComparison.Ordinal);
        Assert.Single(das.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Export_WhatIsNoPlan_SaysSo()
    {
        var das = await SearchFixture.RunAsync("export", fixture.Settings, "--to", "csv");
        Assert.Equal((ExitCode.Failed, $"das: {fixture.Settings} is no JSON: line 1 cannot be read\n"), (das.Code, das.Error));
    }

    [Fact]
    public async Task Import_ThenExport_IsTheListAgain()
    {
        var plan = fixture.PathOf("imported.json");
        var import = await SearchFixture.RunAsync("import", "[24, 27, 25, 22]", "--backbone", "lavin", "--task", "scienceqa", "-o", plan);
        await SearchFixture.RunAsync("export", plan, "--to", "das-official");

        Assert.Contains("  skip 27  layers.27\n", import.Output, StringComparison.Ordinal);
        var text = File.ReadAllText(fixture.PathOf("imported.das-official.txt"));
        Assert.Contains("--skip_list '[22,24,25,27]'", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_ThenTrain_CountsThePlan()
    {
        var plan = fixture.PathOf("to-count.json");
        await SearchFixture.RunAsync(
            "import", "skip_module=[1,2]", "--backbone", "vilt", "--modules", "4", "--task", "fashionvl-vqa", "-o", plan);
        Assert.Null(PlanFile.Read(plan).Accounting);
        var train = await SearchFixture.RunAsync("train", plan, "--config", fixture.Settings, "--quiet");

        Assert.Equal((ExitCode.Done, ""), (train.Code, train.Error));
        var profile = await SearchFixture.RunAsync("profile", plan, "--config", fixture.Settings, "--json");
        var total = JsonDocument.Parse(profile.Output).RootElement.GetProperty("total");
        Assert.Equal(total.GetProperty("plan_multiply_accumulates").GetInt64(), PlanFile.Read(plan).Accounting!.PlanMultiplyAccumulates);
    }

    [Fact]
    public async Task Import_WithoutOutput_PrintsThePlanAlone()
    {
        var das = await SearchFixture.RunAsync("import", "[3]", "--backbone", "vilt", "--checkpoint", fixture.Settings);
        var plan = PlanFile.Parse(das.Output, "the output");
        Assert.Equal((3, 64), (Assert.Single(plan.Skip).Index, plan.Provenance.CheckpointSha256!.Length));
        Assert.StartsWith("note: ", das.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.BadUsage, "meter or lavin or llava, not 'vitl'; did you mean vilt?", "[3]", "--backbone", "vitl")]
    [InlineData(ExitCode.BadUsage, "--from must be log or list or safetensors, not 'yaml'", "[3]", "--backbone", "vilt", "--from", "yaml")]
    [InlineData(ExitCode.Failed, "there is no file none.log", "none.log", "--backbone", "vilt")]
    [InlineData(ExitCode.Failed, "/none cannot be read", "[3]", "--backbone", "vilt", "--checkpoint", "/none")]
    [InlineData(ExitCode.BadUsage, "the output /none/plan.json lies in /none, which is no folder", "[3]", "--backbone", "vilt", "-o", "/none/plan.json")]
    public async Task Import_BadInput_SaysSo(ExitCode code, string expected, params string[] arguments)
    {
        var das = await Das.RunAsync(["import", .. arguments]);
        Assert.Equal((code, ""), (das.Code, das.Output));
        Assert.Contains(expected, das.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_Help_NamesEveryBackbone()
    {
        var das = await Das.RunAsync(["import", "--help"]);
        Assert.All(OfficialModels.All, model => Assert.Contains($"{model.Name}, {model.Summary}", das.Output, StringComparison.Ordinal));
    }
}
