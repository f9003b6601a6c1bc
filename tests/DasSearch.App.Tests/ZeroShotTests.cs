using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Data.Tests.Support;
using DasSearch.Formats;
using DasSearch.Worker.Training;

namespace DasSearch.App.Tests;

/// <summary>Classes that a CLIP tells by what they are called: before anything is trained, and those that training never saw.</summary>
public sealed class ZeroShotTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-zero-");
    private readonly List<string> _told = [];
    private readonly AppEnvironment _environment = new(static _ => null);

    public ZeroShotTests()
    {
        new DrawnFolders(PathOf("data")).Photos(classes: 4);
        new DrawnFolders(PathOf("alone")).Photos(classes: 2);
        File.WriteAllText(PathOf("tiny.yaml"), """
            task: photos
            backbone: clip
            threads: 1
            skip: 1
            model: {width: 16, layers: 2, heads: 2, patch_size: 8}
            data: {root: data, side: 16, text_length: 12}
            search: {batch_size: 4, learning_rate: 0.05}
            training: {epochs: 3}
            method: {name: apt, tokens: 4, rank: 2, streams: text}
            """);
        PlanFile.Write(
            Plan("clip", "text_model.encoder.layers.0", "text_model.encoder.layers.1", "vision_model.encoder.layers.0", "vision_model.encoder.layers.1"), PathOf("full.json"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Eval_OfAPlanThatIsNotTrained_IsOfItAsItIs_WhereNothingWouldBeTrained()
    {
        var all = Evaluate("full.json");
        Assert.InRange(all["test.accuracy"], 0, 1);
        Assert.InRange(all["test.loss"], 0.01, 100);
        Assert.Equal(all, Evaluate("full.json"));
        Assert.NotEqual(all["test.loss"], Evaluate("full.json", "data.prompt={}, drawn")["test.loss"]);
        Assert.Equal(1, Evaluate("full.json", "data.classes=new", "data.root=alone")["test.accuracy"]); // one class is the only one
        Assert.Contains(_told, static line => line.EndsWith("full.json is not trained: evaluated as it is, with nothing attached or in place of skipped modules", StringComparison.Ordinal));
    }

    [Fact]
    public void Eval_OfAPlanThatIsNotTrained_WhereAHeadWouldBe_SaysThatItIsNot()
    {
        File.WriteAllText(PathOf("vit.yaml"), "{task: photos, backbone: vit, model: {width: 16, layers: 2, heads: 2, patch_size: 8}, data: {root: data, side: 16}}");
        PlanFile.Write(Plan("vit", "blocks.0", "blocks.1"), PathOf("vit.json"));
        var source = Source("vit.json") with { Config = PathOf("vit.yaml") };
        var failure = Assert.Throws<DasSearchException>(() => PlanEvaluation.Run(_environment, source, Split.Test, gallery: 0, _told.Add, CancellationToken.None));
        Assert.Contains("vit.json is not trained yet", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_OnBaseClasses_IsTestedOnThem_AndThenOnNewOnes()
    {
        var source = Source("full.json", "data.classes=base");
        var outcome = new TrainingSession(_environment, source, new TrainingRequest(Method: "apt", Seed: null, PathOf("trained.json"), Gallery: 0)).Run(new Silent(), CancellationToken.None);
        Assert.Equal("apt", outcome.Plan.Result!.Method);
        var (known, unseen) = (Evaluate("trained.json", "data.classes=base"), Evaluate("trained.json", "data.classes=new"));
        Assert.Equal(outcome.Plan.Result.Metrics["test.loss"], known["test.loss"], 1e-6);
        Assert.NotEqual(known["test.loss"], unseen["test.loss"]);
        Assert.True(known["test.loss"] < Evaluate("full.json", "data.classes=base")["test.loss"]);
    }

    [Fact]
    public void Train_OfALinearProbe_IsEvaluatedAsTrained_AndNotBefore()
    {
        var untrained = Assert.Throws<DasSearchException>(() => Evaluate("full.json", "data.head=linear"));
        Assert.Contains("full.json is not trained yet", untrained.Message, StringComparison.Ordinal);
        var source = Source("full.json", "data.head=linear");
        var outcome = new TrainingSession(_environment, source, new TrainingRequest(Method: "linear", Seed: null, PathOf("probe.json"), Gallery: 0)).Run(new Silent(), CancellationToken.None);
        Assert.Equal(outcome.Plan.Result!.Metrics["test.loss"], Evaluate("probe.json", "data.head=linear")["test.loss"], 1e-6);
    }

    private SortedDictionary<string, double> Evaluate(string plan, params string[] set) =>
        PlanEvaluation.Run(_environment, Source(plan, set), Split.Test, gallery: 0, _told.Add, CancellationToken.None);

    private static SkipPlan Plan(string backbone, params string[] modules) =>
        new(backbone, "photos", modules.Length, Granularity.Layers, new PlanProvenance(null, null, null, null, "0.1.0", null, null), [], [], null);

    private PlanSource Source(string plan, params string[] set) => new(PathOf(plan), PathOf("das.db"), PathOf("tiny.yaml"), set, Checkpoint: null);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private sealed class Silent : ITrainingProgress
    {
        public void Started(long batches, int batchesPerEpoch, long first)
        {
        }

        public void Learnt(long batch, double loss)
        {
        }

        public void Finished(int epoch, TaskScore score)
        {
        }

        public void Began(string what)
        {
        }
    }
}
