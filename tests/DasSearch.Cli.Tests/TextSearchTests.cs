using DasSearch.Data.WordNet;
using DasSearch.Formats;

namespace DasSearch.Cli.Tests;

/// <summary>A whole search on texts alone, and what follows from it, on a small MiniLM with fresh weights.</summary>
public sealed class TextSearchTests : IDisposable
{
    private const string Tiny = """
        task: wordnet-gloss
        backbone: minilm
        skip: 1
        model: {width: 16, layers: 3, heads: 2, weights: fresh}
        search: {epochs: 2, steps_between_rounds: 2, batch_size: 25, samples: 200, learning_rate: 0.01}
        validation: {batch_size: 50}
        adapters: {skip_bottleneck: 2, parallel_bottleneck: 1}
        training: {epochs: 1, batch_size: 2500}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-texts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Search_Train_Eval_OfTextsAlone()
    {
        File.WriteAllText(PathOf("tiny.yaml"), Tiny);
        var search = await RunAsync("search", PathOf("tiny.yaml"), "-o", PathOf("found.json"));
        Assert.Equal(ExitCode.Done, search.Code);
        var plan = PlanFile.Read(PathOf("found.json"));
        Assert.Equal("minilm", plan.Backbone);
        Assert.StartsWith("encoder.layer.", Assert.Single(plan.Skip).Module, StringComparison.Ordinal);

        var train = await RunAsync("train", PathOf("found.json"), "--method", "lora", "-o", PathOf("trained.json"));
        Assert.Contains("test.accuracy", train.Output, StringComparison.Ordinal);
        var eval = await RunAsync("eval", PathOf("trained.json"));
        Assert.Equal(ExitCode.Done, eval.Code);
    }

    [Fact]
    public async Task Search_ABackboneThatReadsImages_SaysThatTheTaskHasNone()
    {
        File.WriteAllText(PathOf("vilt.yaml"), "task: wordnet-gloss\nbackbone: vilt");
        var search = await RunAsync("search", PathOf("vilt.yaml"));
        Assert.Equal(ExitCode.Failed, search.Code);
        Assert.Contains("for a backbone that brings a tokenizer, such as minilm", search.Error, StringComparison.Ordinal);
    }

    private Task<Das> RunAsync(params string[] args) => Das.RunAsync(
        [.. args, "--db", PathOf("runs.db")], (WordNetFolder.Variable, WordNetFolder.Resolve(Environment.GetEnvironmentVariable)));

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
