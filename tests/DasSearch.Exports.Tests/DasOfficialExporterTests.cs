using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports.Tests.Support;

namespace DasSearch.Exports.Tests;

/// <summary>The arguments, taken apart as the authors' scripts do.</summary>
public sealed class DasOfficialExporterTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Vilt_SkipModule_IsWhatSacredParses()
    {
        var lines = Lines(MadeUpPlans.Vilt("8,3,5"));

        // Quoted for the shell, without a space; Sacred takes name=value, and a Python list.
        Assert.Equal("'skip_module=[3,5,8]'", lines[0]);
        Assert.Equal("skip_num=3", lines[1]);
        Assert.Equal([3, 5, 8], ListOf(lines[0].Trim('\'')["skip_module=".Length..]));
    }

    [Fact]
    public void Meter_ModulesOfAnyOrder_AreFoundByName()
    {
        var plan = MadeUpPlans.Make("meter", MadeUpPlans.MeterTakingTurns, "3,8");
        var gates = ListOf(Lines(plan)[0].Trim('\'')["skip_module=".Length..]);

        // As the code applies them: the first six are text layers, the others image layers.
        var applied = gates.Select(gate => gate < 6 ? $"cross_modal_text_layers.{gate}" : $"cross_modal_image_layers.{gate - 6}");
        Assert.Equal([4, 7], gates);
        Assert.Equal(plan.Skip.Select(module => module.Module).Order(), applied.Order());
    }

    [Fact]
    public void Meter_Text_WarnsOfTheLabelsThatTheCodePrints()
    {
        var text = _bench.ExportText("das-official", MadeUpPlans.Make("meter", MadeUpPlans.MeterTakingTurns, "0"));
        Assert.Contains("prints text layers as \"Fusion Image\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("22,24,25,27", "--skip_list '[22,24,25,27]' --nas_epoch 0")]
    [InlineData("-", "--skip_list '[]' --nas_epoch 0")]
    public void Lavin_SkipList_KeepsItsBrackets(string skipped, string expected)
    {
        var line = Lines(MadeUpPlans.Decoder("lavin", skipped))[0];
        Assert.Equal(expected, line);

        // Its parser: nothing for '[]', else the brackets cut off and the rest split at commas.
        var list = line.Split('\'')[1];
        Assert.Equal(Subnetwork.Parse(skipped, 32).Skipped, list == "[]" ? [] : ListOf(list));
    }

    [Fact]
    public void Llava_HasNoFlag_SoTheSourceLineIsGiven()
    {
        var text = _bench.ExportText("das-official", MadeUpPlans.Decoder("llava", "21,24,25,26"));
        Assert.Contains("\nskip_list = [21, 24, 25, 26]\n", text, StringComparison.Ordinal);
        Assert.Contains("llava/model/builder.py", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_Adapters_AreSaidToStayBehind()
    {
        var result = _bench.Export("das-official", MadeUpPlans.Vilt("3"), "output");
        Assert.Contains("those of the plan are not passed on", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Export_PlanOfAnotherKind_SaysWhy()
    {
        string Refusal(SkipPlan plan)
        {
            var message = Assert.ThrowsAny<DasSearchException>(() => _bench.Export("das-official", plan, "output")).Message;
            Assert.Empty(_bench.Entries);
            return message;
        }

        var names = MadeUpPlans.Numbered("transformer.blocks", 12);
        Assert.Equal(
            $"the authors' code searches vilt, meter, lavin, llava; {_bench.PathOf("my.plan.json")} is for swin",
            Refusal(MadeUpPlans.Make("swin", names, "1")));
        Assert.Equal(
            "model.layers.3 is no module of lavin, whose 32 modules go from layers.0 to layers.31",
            Refusal(MadeUpPlans.Make("lavin", MadeUpPlans.Numbered("model.layers", 32), "3")));
        Assert.Equal(
            "transformer.blocks.1 is skipped as attention, but vilt can only be told to skip whole layers",
            Refusal(MadeUpPlans.Make("vilt", names, "1", kind: ModuleKind.Attention)));
        Assert.Contains("has 12 modules", Refusal(MadeUpPlans.Vilt("1", modules: 4)), StringComparison.Ordinal);
    }

    // What is not a comment.
    private List<string> Lines(SkipPlan plan) =>
        [.. _bench.ExportText("das-official", plan).Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'))];

    private static IEnumerable<int> ListOf(string python)
    {
        Assert.Matches(@"^\[[0-9,]*\]$", python);
        return python[1..^1].Split(',').Select(word => int.Parse(word, CultureInfo.InvariantCulture));
    }
}
