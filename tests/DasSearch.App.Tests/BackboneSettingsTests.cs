using DasSearch.Core.Configuration;

namespace DasSearch.App.Tests;

/// <summary>What settings leave open is as in the code of the backbone's authors, and recorded.</summary>
public sealed class BackboneSettingsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("vilt", "fashionvl-vqa", 10, null)]
    [InlineData("vilt", "fashionvl-nlvr2", 1, null)]
    [InlineData("minilm", "wordnet-gloss", 10, null)]
    [InlineData("vit", "photos", 1, null)]
    [InlineData("meter", "fashionvl-vqa", 50, 5)]
    [InlineData("meter", "emojivl-nlvr2", 10, 5)]
    [InlineData("meter", "fashionvl-retrieval", 50, 5)]
    [InlineData("meter-mini", "emojivl-vqa", 10, 1)]
    public void Load_OfOpenRates_RecordsTheBackbonesOwn(string backbone, string task, int head, int? crossModal)
    {
        var read = Load(backbone, task);
        Assert.Equal((head, crossModal), ((int)read.Values.Search.HeadMultiplier!, (int?)read.Values.Search.CrossModalMultiplier));
        Assert.Contains($"  head_multiplier: {head}\n", read.Text, StringComparison.Ordinal);
        Assert.Equal(crossModal is not null, read.Text.Contains($"  cross_modal_multiplier: {crossModal}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_OfRatesThatAreSet_KeepsThem()
    {
        var search = Load("meter", "fashionvl-vqa", "search.head_multiplier=2", "search.cross_modal_multiplier=0.5").Values.Search;
        Assert.Equal((2, 0.5), (search.HeadMultiplier, search.CrossModalMultiplier));
    }

    [Theory]
    [InlineData("vilt", 192, 96)]
    [InlineData("meter", 288, 96)]
    [InlineData("meter-mini", 192, 96)]
    [InlineData("llama", 32, 8)]
    public void Load_OfAnOpenBottleneck_RecordsTheBackbonesOwn(string backbone, int bottleneck, int beside)
    {
        Assert.Contains($"  parallel_bottleneck: {beside}\n", Load(backbone, "emojivl-vqa").Text, StringComparison.Ordinal);
        Assert.Contains($"  skip_bottleneck: {bottleneck}\n", Load(backbone, "emojivl-vqa").Text, StringComparison.Ordinal);
        Assert.Contains("  skip_bottleneck: 7\n", Load(backbone, "emojivl-vqa", "adapters.skip_bottleneck=7").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfACrossModalRateWithoutSuchLayers_IsRefused()
    {
        var failure = Assert.Throws<ConfigException>(() => Load("vilt", "fashionvl-vqa", "search.cross_modal_multiplier=5"));
        Assert.Equal("search.cross_modal_multiplier is for backbones of two streams that layers are between, and vilt has no such layers", failure.Message);
    }

    private ResolvedConfig<RunConfig> Load(string backbone, string task, params string[] set)
    {
        File.WriteAllText(_file, $"{{task: {task}, backbone: {backbone}}}");
        return new AppEnvironment(static _ => null).Load(_file, set);
    }
}
