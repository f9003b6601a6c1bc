using System.Text.Json;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Cli.Tests;

/// <summary>A search over a decoder that others trained, on texts that it has written itself.</summary>
public sealed class ContinuationSearchTests : IDisposable
{
    private const int Layers = 5;
    private const int Given = 8;
    private const int Asked = 6;
    private const int Options = 3;

    private static readonly string _checkpoint = Path.Combine(AppContext.BaseDirectory, "Fixtures", "stories260K.bin");
    private static readonly (string Name, int Samples)[] _splits = [("train", 48), ("validation", 24), ("test", 24)];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-continuations-");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Search_FindsTheLayerThatTheTableSays_AndItsPlanIsTrained()
    {
        using var model = (Llama)BackboneTable.BuiltIn.Named("llama").Load(
            new BackboneRequest { Input = new InputShape(512, Given + Asked, 0, 0, Images: 0), Checkpoint = _checkpoint }).Backbone;
        var table = LossesWithoutEachLayer(model, WriteSamples(model));
        File.WriteAllText(PathOf("stories.yaml"), $$"""
            task: continuations
            backbone: llama
            checkpoint: {{_checkpoint}}
            skip: 1
            method: {name: lora, rank: 1}
            adapters: {replacement: none}
            search: {epochs: 5, warm_up_epochs: 0, steps_between_rounds: 1, batch_size: 8, learning_rate: 1e-6}
            validation: {batch_size: 24}
            training: {epochs: 1}
            """);

        var search = await RunAsync("search", PathOf("stories.yaml"), "-o", PathOf("found.json"));
        Assert.True(search.Code == ExitCode.Done, search.Error);
        Assert.Equal($"layers.{table.IndexOf(table.Min())}", Assert.Single(PlanFile.Read(PathOf("found.json")).Skip).Module);

        var train = await RunAsync("train", PathOf("found.json"), "-o", PathOf("trained.json"));
        Assert.True(train.Code == ExitCode.Done, train.Error);
        Assert.Contains("test.accuracy", train.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_OfABackboneThatScoresNoWords_SaysWhichDoes()
    {
        using var model = (Llama)BackboneTable.BuiltIn.Named("llama").Load(
            new BackboneRequest { Input = new InputShape(512, Given + Asked, 0, 0, Images: 0), Checkpoint = _checkpoint }).Backbone;
        _ = WriteSamples(model);
        File.WriteAllText(PathOf("words.json"), """{"words": 30522}""");
        File.WriteAllText(PathOf("minilm.yaml"), """
            task: continuations
            backbone: minilm
            skip: 1
            model: {width: 16, layers: 3, heads: 2, weights: fresh}
            search: {epochs: 1, warm_up_epochs: 0, steps_between_rounds: 1, batch_size: 8}
            """);
        var search = await RunAsync("search", PathOf("minilm.yaml"));
        Assert.Equal(ExitCode.Failed, search.Code);
        Assert.Contains("continuations asks for words that follow, and so for a backbone that scores them, such as llama", search.Error, StringComparison.Ordinal);
    }

    // What the model writes after two tokens; the other options are what it wrote elsewhere. The validation split is given back.
    private List<long[]> WriteSamples(Llama model)
    {
        var writer = new GreedyWriter(model, Subnetwork.Whole(Layers), Attachments.None);
        var texts = Enumerable.Range(0, _splits.Sum(static split => split.Samples))
            .Select(i => (long[])[1, 259 + i, .. writer.Continue([1, 259 + i], Given + Asked - 2)]).ToList();
        File.WriteAllText(PathOf("words.json"), """{"words": 512}""");
        var first = 0;
        foreach (var (name, samples) in _splits)
        {
            var split = texts.GetRange(first, samples);
            File.WriteAllLines(PathOf($"{name}.jsonl"), split.Select((text, i) => JsonSerializer.Serialize(new
            {
                text = text[..Given],
                options = Enumerable.Range(0, Options).Select(option => split[(i + option - (i % Options) + samples) % samples][Given..]),
                answer = i % Options,
            })));
            first += samples;
        }

        return texts.GetRange(_splits[0].Samples, _splits[1].Samples);
    }

    private static List<float> LossesWithoutEachLayer(Llama model, List<long[]> texts)
    {
        using var unrecorded = no_grad();
        var ids = stack(texts.Select(static text => tensor(text)));
        return [.. Enumerable.Range(0, Layers).Select(layer =>
        {
            var features = model.Run(new BackboneInput(ids, ones_like(ids, ScalarType.Bool)), new Subnetwork(Layers, [layer]), Attachments.None, FeatureKind.Tokens);
            var scores = features.Words!(features.Streams[0].narrow(1, Given - 1, Asked)); // [texts, asked, words]
            return nn.functional.cross_entropy(scores.flatten(0, 1), ids.narrow(1, Given, Asked).flatten()).item<float>();
        })];
    }

    private Task<Das> RunAsync(params string[] args) => Das.RunAsync([.. args, "--db", PathOf("runs.db")], ("CONTINUATIONS", _folder.FullName));

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
