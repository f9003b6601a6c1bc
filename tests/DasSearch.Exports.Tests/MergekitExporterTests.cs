using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using YamlDotNet.RepresentationModel;

namespace DasSearch.Exports.Tests;

/// <summary>The configuration, read by a YAML parser and carried out as mergekit's passthrough does.</summary>
public sealed class MergekitExporterTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Export_PublishedPlan_HasTheRangesBetweenItsLayers()
    {
        var plan = MadeUpPlans.Decoder("lavin", "22,24,25,27");
        var root = Parse(_bench.ExportText("mergekit", plan, ("model", "org/base-7b"), ("dtype", "float16")));

        Assert.Equal(("passthrough", "float16"), (Text(root["merge_method"]), Text(root["dtype"])));
        Assert.Equal(["0 22", "23 24", "26 27", "28 32"], Ranges(root).Select(range => $"{range.Start} {range.End}"));
        Assert.Equal(["dtype", "merge_method", "slices"], root.Children.Keys.Select(Text).Order());
    }

    [Fact]
    public void Export_AnySkips_LeavesTheKeptLayersInOrder() => Prop.ForAll<uint>(bits =>
    {
        var skipped = new Subnetwork(32, Enumerable.Range(0, 32).Where(layer => (bits >> layer & 1) == 1));
        var root = Parse(_bench.ExportText("mergekit", MadeUpPlans.Decoder("lavin", skipped.ToString()), ("model", "m")));
        var left = Ranges(root).SelectMany(range => Enumerable.Range(range.Start, range.End - range.Start));
        Assert.Equal(Enumerable.Range(0, 32).Where(layer => !skipped.Contains(layer)), left);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("org/base-7b@main")]
    [InlineData("C:\\models\\a: #b")]
    [InlineData("quote\" and 'quote' and\nline")]
    [InlineData("[é, {")]
    public void Export_AnyModelName_ComesBack(string model)
    {
        var root = Parse(_bench.ExportText("mergekit", MadeUpPlans.Decoder("llava", "5"), ("model", model)));
        Assert.All((YamlSequenceNode)root["slices"], slice => Assert.Equal(model, Text(slice["sources"][0]["model"])));
    }

    [Fact]
    public void Export_Header_SaysThatAdaptersCannotBeExpressed()
    {
        var text = _bench.ExportText("mergekit", MadeUpPlans.Decoder("lavin", "5"), ("model", "m"));
        Assert.Contains("# Passthrough only drops layers: adapters cannot be expressed", text, StringComparison.Ordinal);
        var vilt = _bench.Export("mergekit", MadeUpPlans.Vilt("5"), "output", null, ("model", "m"));
        Assert.Contains(vilt.Notes, note => note.Contains("adapters are left out", StringComparison.Ordinal));
        Assert.Contains(vilt.Notes, note => note.Contains("num_hidden_layers", StringComparison.Ordinal));
    }

    [Fact]
    public void Export_TaskWithLineBreaks_StaysInItsComment()
    {
        var lavin = MadeUpPlans.Decoder("lavin", "5");
        var plan = new SkipPlan("lavin", "x\nmerge_method: slerp", 32, lavin.Granularity, lavin.Provenance, lavin.Skip, [], null);
        Assert.Equal("passthrough", Text(Parse(_bench.ExportText("mergekit", plan, ("model", "m")))["merge_method"]));
    }

    [Fact]
    public void Export_WhatMergekitCannotDo_SaysWhy()
    {
        string Refusal(SkipPlan plan, params (string, string)[] options)
        {
            var message = Assert.ThrowsAny<DasSearchException>(() => _bench.Export("mergekit", plan, "output", null, options)).Message;
            Assert.Empty(_bench.Entries);
            return message;
        }

        var (lavin, meter) = (MadeUpPlans.Decoder("lavin", "5"), MadeUpPlans.Make("meter", MadeUpPlans.MeterTakingTurns, "5"));
        var empty = MadeUpPlans.Decoder("lavin", string.Join(',', Enumerable.Range(0, 32)));
        Assert.Contains("that the layers come from: --option model=NAME, ", Refusal(lavin), StringComparison.Ordinal);
        Assert.Contains("that the layers come from: --option model=NAME, ", Refusal(MadeUpPlans.Vilt("5")), StringComparison.Ordinal);
        Assert.StartsWith("mergekit knows decoders of one list of layers", Refusal(meter, ("model", "m")), StringComparison.Ordinal);
        Assert.Equal(
            "--option dtype must be bfloat16 or float16 or float32, not 'int8'", Refusal(lavin, ("model", "m"), ("dtype", "int8")));
        Assert.Equal("the plan skips every layer, and one has to be left", Refusal(empty, ("model", "m")));
    }

    private static YamlMappingNode Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    // Passthrough takes exactly one source per slice, and layer_range is half-open.
    private static IEnumerable<(int Start, int End)> Ranges(YamlMappingNode root) => ((YamlSequenceNode)root["slices"]).Select(slice =>
    {
        var range = (YamlSequenceNode)Assert.Single((YamlSequenceNode)slice["sources"])["layer_range"];
        Assert.Equal(2, range.Children.Count);
        return (Number(range[0]), Number(range[1]));
    });

    private static int Number(YamlNode node) => int.Parse(Text(node), CultureInfo.InvariantCulture);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
