using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Data.Tests.Support;
using DasSearch.Models.Backbones;
using DasSearch.Worker.Analyses;
using DasSearch.Worker.Exhaustive;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Networks;

/// <summary>Tasks on CLIP, which has texts and images in one space: classes are told by what they are called, and texts are ranked by their own score.</summary>
public sealed class SharedSpaceTests : IDisposable
{
    private static readonly Subnetwork _whole = Subnetwork.Whole(4);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-shared-");

    public SharedSpaceTests() => new DrawnFolders(_folder.FullName).Photos(classes: 3);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Classes_AreScoredByTheirSentences_ReadOnceForAllImages()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var task = Open(ClassHalf.All);
        using var network = Build(task, "apt");
        network.Train(false);
        using var batch = task.Batch(Split.Train, epoch: 0, index: 0, size: 5);
        var logits = network.Logits(batch, _whole);
        Assert.Equal([5, 3], logits.shape);

        // The same by a pair of a sentence and an image at a time.
        network.Look(batch, (backbone, input, attached) =>
        {
            Assert.Equal((3, 5), (input.TokenIds.size(0), input.Images!.size(0)));
            for (var label = 0; label < 3; label++)
            {
                var ids = tensor([.. task.Facts.Prompts[label]]).expand(5, -1);
                var summary = backbone.Run(new BackboneInput(ids, ids.ge(0), input.Images), _whole, attached).Summary!;
                Assert.True(summary.chunk(3, 1)[2].sum([1]).allclose(logits.select(1, label), 1e-4, 1e-4));
            }
        });
    }

    [Fact]
    public void Steps_OnBaseClasses_TrainTheTextsApt_WhichNewClassesGoOnFrom()
    {
        var (some, others) = (Open(ClassHalf.Base), Open(ClassHalf.New));
        using var network = Build(some, "apt");
        Assert.All(network.Trained, static trained => Assert.StartsWith("text_model.encoder.layers.", trained.Name, StringComparison.Ordinal));
        using var batch = some.Batch(Split.Train, epoch: 0, index: 0, size: 8);
        using var optimizer = optim.AdamW(network.Trained.Select(static trained => trained.Parameter), 0.05);
        var losses = new List<float>();
        for (var step = 0; step < 12; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = network.Loss(network.Logits(batch, _whole), batch);
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }

        Assert.True(losses[^1] < losses[0]);
        using var outer = NewDisposeScope();
        using var unrecorded = no_grad();
        using var next = Build(others, "apt");
        next.LoadTrained(network.TrainedState(), "base");
        using var unseen = others.Batch(Split.Test, epoch: 0, index: 0, size: 2);
        Assert.Equal([2, 1], next.Logits(unseen, _whole).shape);
    }

    [Fact]
    public void Classes_ByALinearProbe_AreToldByImagesAlone_AndNothingElseIsTrained()
    {
        using var scope = NewDisposeScope();
        var task = Open(ClassHalf.All, ClassHead.Linear);
        using var network = Build(task, "linear");
        Assert.Equal(["classifier.bias", "classifier.weight"], network.Trained.Select(static trained => trained.Name));
        Assert.All(network.Trained, static trained => Assert.Equal(LearningRateGroup.Head, trained.Group));
        using var batch = task.Batch(Split.Train, epoch: 0, index: 0, size: 8);
        network.Train(false);
        var logits = network.Logits(batch, _whole);
        Assert.Equal([8, 3], logits.shape);
        using (no_grad())
        {
            var (weight, bias) = (network.Trained[1].Parameter, network.Trained[0].Parameter);
            network.Look(batch, (backbone, input, attached) =>
            {
                Assert.Equal((1, 8), (input.TokenIds.size(0), input.Images!.size(0)));
                var texts = new BackboneInput(ones(8, 12, int64), ones(8, 12, @bool), input.Images); // whatever they say
                Assert.True(nn.functional.linear(backbone.Run(texts, _whole, attached).Streams[1][.., 0], weight, bias).allclose(logits, 1e-4, 1e-5));
            });
            using var prefixes = network.Prefixes(batch);
            var skipped = new Subnetwork(4, [1, 3]);
            Assert.True(network.Logits(batch, skipped, prefixes).allclose(network.Logits(batch, skipped), 1e-4, 1e-5));
        }

        using var optimizer = optim.AdamW(network.Trained.Select(static trained => trained.Parameter), 0.05);
        var first = network.Loss(logits, batch).item<float>();
        for (var step = 0; step < 8; step++)
        {
            optimizer.zero_grad();
            network.Loss(network.Logits(batch, _whole), batch).backward();
            optimizer.step();
        }

        Assert.True(network.Loss(network.Logits(batch, _whole), batch).item<float>() < first / 2);
        using var sct = TransferNetwork.Build(Request(task, "ttc") with { Transfer = new() { Options = new Dictionary<string, string> { ["sct"] = "true", ["channels"] = "4" } } }); // reads features class by class
        Assert.Equal([8, 3], sct.Logits(batch, _whole).shape);
    }

    [Theory]
    [InlineData("vit", ClassHead.Prompts, "data.head must be linear, or left out: of prompts it is for backbones of texts and images in one space, such as clip")]
    [InlineData("vilt", ClassHead.Linear, null)]
    [InlineData("vit", ClassHead.Linear, null)]
    public void Build_OnAnotherBackbone_HasOneLinear_AndNoPrompts(string backbone, ClassHead head, string? expected)
    {
        using var scope = NewDisposeScope();
        var task = Open(ClassHalf.All, head);
        var request = Request(task, "linear") with { Backbone = BackboneTable.BuiltIn.Named(backbone) };
        if (expected is not null)
        {
            Assert.Equal(expected, Assert.Throws<ConfigException>(() => TransferNetwork.Build(request)).Message);
            return;
        }

        using var network = TransferNetwork.Build(request);
        Assert.Equal([3L, 24], Assert.Single(network.Trained, static trained => trained.Group == LearningRateGroup.Head && trained.Name.EndsWith(".weight", StringComparison.Ordinal)).Parameter.shape);
    }

    [Fact]
    public void Texts_AreRankedByTheScoreOfEachWithItsImage_ReadOnce()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var task = new SmallTask("fashionvl-retrieval");
        using var network = Build(task, "apt");
        network.Train(false);
        using var batch = task.Batch(Split.Validation, epoch: 0, index: 0, size: 4);
        var logits = network.Logits(batch, _whole);
        Assert.Equal([4, 3], logits.shape);
        network.Look(batch, (backbone, input, attached) =>
        {
            Assert.Equal((12, 4), (input.TokenIds.size(0), input.Images!.size(0)));
            var pairs = backbone.Run(input with { Images = input.Images.repeat_interleave(3, 0) }, _whole, attached).Summary!;
            Assert.True(pairs.chunk(3, 1)[2].sum([1]).reshape(4, 3).allclose(logits, 1e-4, 1e-4));
        });
    }

    [Fact]
    public void Gallery_IsScoredAsItsPairsAre()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var task = (IGalleryTask)TaskTable.Named("fashionvl-retrieval").Open(Photos.Source, new TaskSettings());
        using var network = Build(task, "apt");
        var told = new List<int>();
        var recall = GalleryRecall.Of(network, task, Split.Test, 7, _whole, told.Add, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 7), told);
        network.Train(false);
        using var gallery = task.Gallery(Split.Test, 7);
        var scores = new double[7, gallery.Owners.Count];
        for (var image = 0; image < 7; image++)
        {
            using var pixels = gallery.Image(image);
            var all = new Texts(gallery.Texts.Ids.unsqueeze(0), gallery.Texts.Mask.unsqueeze(0));
            var row = network.Logits(new Batch([pixels], all, zeros(1, ScalarType.Int64), Targets: null, [image]), _whole)[0];
            for (var text = 0; text < gallery.Owners.Count; text++)
            {
                scores[image, text] = row[text].item<float>();
            }
        }

        Assert.Equal(GalleryRecall.Recall(scores, gallery.Owners), recall);
    }

    [Fact]
    public void Prefixes_AndParts_OfABatch_GiveItsScores()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var task = Open(ClassHalf.All);
        using var network = Build(task, "das");
        network.Train(false);
        using var batch = task.Batch(Split.Train, epoch: 0, index: 0, size: 6);
        using var prefixes = network.Prefixes(batch);
        foreach (var skipped in new[] { _whole, new Subnetwork(4, [1]), new Subnetwork(4, [1, 2]), new Subnetwork(4, [3]) })
        {
            var logits = network.Logits(batch, skipped);
            Assert.True(network.Logits(batch, skipped, prefixes).allclose(logits, 1e-5, 1e-5), $"without {skipped}");
            using var part = batch.Part([4, 1]);
            Assert.True(network.Logits(part, skipped).allclose(stack([logits[4], logits[1]]), 1e-4, 1e-4), $"without {skipped}");
        }
    }

    [Fact]
    public void Features_OfSamples_AreTheirImagesAlone()
    {
        var task = Open(ClassHalf.All);
        using var network = Build(task, "apt");
        var samples = new SampleBatches(task, Split.Train, Samples: 5, Size: 3);
        Assert.All(FeatureReader.Final(network, _whole, samples, static (_, _) => { }, CancellationToken.None), static feature => Assert.Equal(24, feature.Length));
        Assert.Equal(5, FeatureReader.Similarity(network, _whole, samples, static (_, _) => { }, CancellationToken.None).Count);
    }

    [Fact]
    public void Optimizer_OfAMethodThatTrainsTheHeadAlone_SaysThatThereIsNothing()
    {
        using var network = Build(Open(ClassHalf.All), "linear");
        var settings = OptimizerSettings.Of(new SearchConfig(), 1e-3, "search.learning_rate", 10);
        Assert.StartsWith("there is nothing to train", Assert.Throws<DasSearchException>(() => new TransferOptimizer(network.Trained, settings)).Message, StringComparison.Ordinal);
    }

    private IVisionLanguageTask Open(ClassHalf half, ClassHead? head = null) => TaskTable.Named("photos").Open(
        Photos.Source, new TaskSettings { Data = new DataConfig { Root = _folder.FullName, Side = 16, TextLength = 12, Classes = half, Head = head }, View = BackboneView.Natural });

    private static TransferNetwork Build(IVisionLanguageTask task, string method) => TransferNetwork.Build(Request(task, method));

    private static NetworkRequest Request(IVisionLanguageTask task, string method)
    {
        var config = new RunConfig
        {
            Task = "photos",
            Backbone = "clip",
            Model = new ModelConfig { Width = 24, Layers = 2, Heads = 2, PatchSize = task.Facts.ImageSide / 2 },
            Method = new MethodConfig
            {
                Name = method,
                Options = method == "apt" ? new Dictionary<string, string> { ["tokens"] = "4", ["rank"] = "2", ["streams"] = "text" } : [],
            },
            Adapters = new AdapterConfig { Replacement = method == "das" ? "das" : "none" },
        };
        return NetworkRequest.Supernet(config.Resolved(), checkpoint: null, task, CPU);
    }
}
