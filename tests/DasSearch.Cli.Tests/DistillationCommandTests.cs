using System.Text.Json;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Cli.Tests;

/// <summary>What a user does to train a plan beside a teacher: fine-tunes the whole network first, then names it.</summary>
public sealed class DistillationCommandTests(SearchFixture fixture) : IClassFixture<SearchFixture>
{
    [Fact]
    public async Task Train_BesideATeacher_RecordsItsPartOfTheLoss_AndNeverWritesOverIt()
    {
        var (full, taught) = (fixture.PathOf("full.json"), fixture.PathOf("taught.json"));
        Assert.Equal(ExitCode.Done, (await fixture.RunWithDatabaseAsync("plan", "1", "--modules", "-", "-o", full)).Code);
        var untrained = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "--set", "distillation.teacher=full.json", "-o", taught);
        Assert.Equal(ExitCode.Failed, untrained.Code);
        Assert.Contains($"{full} is not trained yet: das train {full}", untrained.Error, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, (await fixture.RunWithDatabaseAsync("train", full, "--method", "full", "--quiet")).Code);
        var over = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "--set", "distillation.teacher=full.json", "-o", full);
        Assert.Equal(ExitCode.BadUsage, over.Code);
        Assert.Contains("name another one with -o", over.Error, StringComparison.Ordinal);

        var das = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "--set", "distillation.teacher=full.json", "-o", taught, "--quiet");
        Assert.True(das.Code == ExitCode.Done, das.Error);
        var shown = JsonDocument.Parse((await fixture.RunWithDatabaseAsync("show", "1", "--json")).Output).RootElement.GetRawText();
        Assert.Contains("train.distillation", shown, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await fixture.RunWithDatabaseAsync("eval", taught)).Code); // without the teacher
    }

    [Fact]
    public async Task Train_BesideATeacherThatDoesNotFit_SaysSoInASentence()
    {
        var plan = PlanFile.Read(fixture.Plan);
        var (other, missing) = (fixture.PathOf("other.json"), fixture.PathOf("missing.json"));
        PlanFile.Write(
            new SkipPlan(plan.Backbone, "fashionvl-nlvr2", plan.Modules, plan.Granularity, plan.Provenance, plan.Skip, plan.Adapters, plan.Accounting), other);
        foreach (var (teacher, expected) in new[]
        {
            (other, $"distillation.teacher {other} is for fashionvl-nlvr2 on vilt, but {fixture.Plan} is for fashionvl-vqa on vilt"),
            (missing, $"distillation.teacher must be a trained plan's file, but there is none at {missing}"),
        })
        {
            var das = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "--set", $"distillation.teacher={teacher}", "-o", fixture.PathOf("none.json"));
            Assert.Equal((ExitCode.BadUsage, false), (das.Code, File.Exists(fixture.PathOf("none.json"))));
            Assert.Contains(expected, das.Error, StringComparison.Ordinal);
        }
    }
}
