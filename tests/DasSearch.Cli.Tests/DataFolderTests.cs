using DasSearch.Data.Tests.Support;
using DasSearch.Formats;

namespace DasSearch.Cli.Tests;

/// <summary>Data sets on disk, from the check of their folder to a trained plan.</summary>
public sealed class DataFolderTests : IDisposable
{
    private const string TinyVilt = """
        backbone: vilt
        model: {width: 16, layers: 3, heads: 2, patch_size: 32}
        data: {root: data, side: 64, shape: ratio, text_length: 12, augment: rand-augment, held_out: 2, fewest_answers: 1}
        """;

    private const string TinyMeter = """
        backbone: meter-mini
        model: {width: 16, layers: 2, heads: 2}
        data: {root: data, text_length: 12, held_out: 2, fewest_answers: 1}
        """;

    private const string TinyVit = """
        backbone: vit
        model: {width: 16, layers: 3, heads: 2, patch_size: 32}
        data: {root: data, side: 64, augment: rand-augment}
        """;

    private const string TinyTtc = """
        backbone: vit
        model: {width: 16, layers: 3, heads: 2, patch_size: 32}
        data: {root: data, side: 64}
        method: {name: ttc, channels: 2, subset_size: 4}
        """;

    private const string TinySwin = """
        backbone: swin
        model: {width: 8, layers: 8, heads: 1}
        data: {root: data, side: 32}
        """;

    private const string TinyClip = """
        backbone: clip
        model: {width: 16, layers: 2, heads: 2, patch_size: 16}
        data: {root: data, side: 32, text_length: 12}
        """;

    private const string TinyLlama = """
        backbone: llama
        model: {width: 16, layers: 3, heads: 2}
        data: {root: data, text_length: 40, tokenizer: tokenizer.model}
        """;

    private const string TinyLavin = """
        backbone: lavin
        model: {width: 16, layers: 3, heads: 2, patch_size: 16}
        data: {root: data, side: 32, text_length: 60, tokenizer: tokenizer.model}
        method: {name: lavin, bottleneck: 2, modality: true}
        """;

    private const string Tiny = """
        skip: 1
        search: {epochs: 2, steps_between_rounds: 1, batch_size: 4}
        validation: {batch_size: 2}
        adapters: {skip_bottleneck: 2, parallel_bottleneck: 1}
        training: {epochs: 1}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-folders-");
    private readonly DrawnFolders _drawn;

    public DataFolderTests() => _drawn = new DrawnFolders(PathOf("data"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("nlvr2", TinyVilt)]
    [InlineData("vqav2", TinyVilt)]
    [InlineData("flickr30k", TinyVilt)]
    [InlineData("photos", TinyVilt)]
    [InlineData("photos", TinyVit)]
    [InlineData("photos", TinySwin)]
    [InlineData("photos", TinyClip)]
    [InlineData("scienceqa", TinyVilt)]
    [InlineData("scienceqa-likelihood", TinyLlama)]
    [InlineData("scienceqa-likelihood", TinyLavin)]
    [InlineData("nlvr2", TinyMeter)]
    [InlineData("vqav2", TinyMeter)]
    [InlineData("flickr30k", TinyMeter)]
    [InlineData("vtab", TinyTtc)]
    public async Task Search_Train_Eval_Export_OfADataSet(string task, string network)
    {
        _drawn.Write(task);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "tokenizer.model"), PathOf("tokenizer.model"));
        File.WriteAllText(PathOf("tiny.yaml"), $"task: {task}\n{network}\n{Tiny}");
        string[] fewer = task == "vtab" ? ["--set", "search.batch_size=2", "--set", "validation.batch_size=1"] : [];
        var search = await RunAsync(["search", PathOf("tiny.yaml"), "-o", PathOf("found.json"), .. fewer]);
        Assert.True(search.Code == ExitCode.Done, search.Error);
        Assert.Equal(task, PlanFile.Read(PathOf("found.json")).Task);
        var train = await RunAsync("train", PathOf("found.json"), "-o", PathOf("trained.json"), "--gallery", "2");
        Assert.True(train.Code == ExitCode.Done, train.Error);
        var eval = await RunAsync("eval", PathOf("trained.json"), "--gallery", "2");
        Assert.True(eval.Code == ExitCode.Done, eval.Error);
        Assert.Contains(task == "flickr30k" ? "test.text_recall@1" : "test.accuracy", eval.Output, StringComparison.Ordinal);
        var export = await RunAsync("export", PathOf("trained.json"), "--to", "json", "-o", PathOf("exported.json"));
        Assert.True(export.Code == ExitCode.Done, export.Error);
    }

    [Fact]
    public async Task Search_OfADecoder_WhoseTaskHasNoPlacesForPictures_SaysWhichHas()
    {
        _drawn.Write("scienceqa");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "tokenizer.model"), PathOf("tokenizer.model"));
        File.WriteAllText(PathOf("tiny.yaml"), $"task: scienceqa\n{TinyLavin}\n{Tiny}");
        var search = await RunAsync("search", PathOf("tiny.yaml"), "-o", PathOf("found.json"));
        Assert.Equal(ExitCode.Failed, search.Code);
        Assert.Contains("lavin is shown images within texts, and scienceqa has them beside: scienceqa-likelihood is for lavin", search.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("runs.db")));
    }

    [Fact]
    public async Task Check_CountsWhatThereIs_AndFailsWhereAPictureIsBroken()
    {
        _drawn.Nlvr2();
        var whole = await RunAsync("data", "check", "nlvr2", "--root", PathOf("data"));
        Assert.True(whole.Code == ExitCode.Done, whole.Error);
        Assert.Contains("it can be trained on", whole.Output, StringComparison.Ordinal);
        File.WriteAllText(_drawn.PathOf("dev/dev-0-0-img0.png"), "<html></html>");
        var broken = await RunAsync("data", "check", "nlvr2", "--root", PathOf("data"));
        Assert.Equal(ExitCode.Failed, broken.Code);
        Assert.Contains("fault: broken pictures: 1 (dev/dev-0-0-img0.png)", broken.Output, StringComparison.Ordinal);
        var described = await RunAsync("data", "describe", "nlvr2", "--root", PathOf("data"), "--json");
        Assert.Equal(ExitCode.Done, described.Code);
        Assert.Contains("\"first_text\": \"Both images are red.\"", described.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfATaskWithoutAFolder_SaysWhichHaveOne()
    {
        var check = await RunAsync("data", "check", "fashionvl-vqa", "--root", PathOf("data"));
        Assert.Equal(ExitCode.BadUsage, check.Code);
        Assert.Contains("fashionvl-vqa reads no folder; those that do are nlvr2", check.Error, StringComparison.Ordinal);
    }

    private Task<Das> RunAsync(params string[] args) => Das.RunAsync(args[0] == "data" ? args : [.. args, "--db", PathOf("runs.db")]);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
