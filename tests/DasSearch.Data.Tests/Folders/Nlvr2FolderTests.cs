using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Folders;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Folders;
using DasSearch.Data.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Data.Tests.Folders;

public sealed class Nlvr2FolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-nlvr2-");
    private readonly DrawnFolders _drawn;

    public Nlvr2FolderTests() => _drawn = new DrawnFolders(_folder.FullName).Nlvr2();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Batch_HasBothPhotos_TheStatement_AndWhetherItIsTrue()
    {
        var task = Open();
        Assert.Equal((TaskKind.Classification, 2, 8, 16), (task.Facts.Kind, task.Facts.Images, task.Facts.SizeOf(Split.Test), task.Facts.ImageSide));
        using var batch = task.Batch(Split.Validation, epoch: 0, index: 0, size: 3);
        using var scope = NewDisposeScope();
        Assert.Equal([1L, 1, 1], batch.Labels.data<long>().ToArray());
        Assert.Equal([3L, 3, 16, 16], batch.Images[1].shape);
        Assert.Equal([1f, -1, -1], batch.Images[0][0].select(2, 15).select(1, 15).data<float>().ToArray()); // red
        Assert.Equal([-1f, 1, -1], batch.Images[1][1].select(2, 15).select(1, 15).data<float>().ToArray()); // green
        Assert.Equal(7, batch.Texts.Mask[0].sum().item<long>()); // both images are red . with start and end
    }

    [Fact]
    public void Batch_OfTraining_IsVaried_ByEpoch_AndTheSameAgain()
    {
        var settings = Settings with { Data = Settings.Data with { Augment = Augmentation.RandAugment } };
        using var one = Open(settings).Batch(Split.Train, epoch: 1, index: 0, size: 8);
        using var same = Open(settings).Batch(Split.Train, epoch: 1, index: 0, size: 8);
        using var plain = Open().Batch(Split.Train, epoch: 1, index: 0, size: 8);
        Assert.True(one.Images[0].equal(same.Images[0]).all().item<bool>());
        Assert.False(one.Images[0].equal(plain.Images[0]).all().item<bool>());
        using var unvaried = Open(settings).Unvaried.Batch(Split.Train, epoch: 1, index: 0, size: 8);
        Assert.Equal(plain.Images[0].bytes.ToArray(), unvaried.Images[0].bytes.ToArray());
        using var test = Open(settings).Batch(Split.Test, epoch: 0, index: 0, size: 8);
        using var plainTest = Open().Batch(Split.Test, epoch: 0, index: 0, size: 8);
        Assert.True(test.Images[0].equal(plainTest.Images[0]).all().item<bool>());
    }

    [Fact]
    public void Batch_OfPicturesInTheirRatio_IsPadded_AndSaysWhere()
    {
        var settings = Settings with { Data = Settings.Data with { Side = 64, Shape = PictureShape.Ratio } };
        Assert.Contains("data.shape must be square", Assert.Throws<ConfigException>(() => Open(settings)).Message, StringComparison.Ordinal);
        using var batch = Open(settings with { View = BackboneView.Natural with { TakesPadding = true } }).Batch(Split.Validation, epoch: 0, index: 0, size: 3);
        using var scope = NewDisposeScope();
        Assert.Equal([3L, 3, 64, 96], batch.Images[0].shape); // red, green and blue, of which green is 64 by 32 and so 106 by 53
        Assert.Equal([64 * 64L, 32 * 96, 64 * 64], batch.PixelMasks![0]!.sum([1L, 2]).data<long>().ToArray());
        Assert.Equal(0, batch.Images[0][1].narrow(1, 32, 32).abs().sum().item<float>());
        Assert.Equal(0, batch.Images[0][0].narrow(2, 64, 32).abs().sum().item<float>());
        using var part = batch.Part([1]);
        Assert.Equal([1L, 64, 96], part.PixelMasks![0]!.shape);
    }

    [Fact]
    public void Read_RealAnnotations_NamesPhotosAsTheyAreCalled()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "nlvr2-dev-200.jsonl"), _drawn.PathOf("nlvr2/data/dev.json"), overwrite: true);
        var findings = new Findings();
        var samples = new Nlvr2Folder().Read(new DataRoot(_folder.FullName), new DataConfig(), findings).Splits[(int)Split.Validation];
        Assert.Empty(findings.All);
        Assert.Equal(200, samples.Count);
        Assert.Equal(["dev/dev-850-0-img0.png", "dev/dev-850-0-img1.png"], samples[0].Pictures);
        Assert.Equal(0, samples[0].Label);
    }

    [Fact]
    public void Open_WithoutARoot_SaysWhatTheFolderShouldHave()
    {
        var message = Assert.Throws<ConfigException>(() => Open(new TaskSettings())).Message;
        Assert.Contains("data.root is missing: nlvr2 reads a folder with nlvr2/data/train.json", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAFolderThatIsNotWhole_NamesEachFault_ItsCount_AndTheFirstThree()
    {
        foreach (var pair in Enumerable.Range(0, 5))
        {
            File.Delete(_drawn.PathOf($"dev/dev-{pair}-0-img1.png"));
        }

        File.AppendAllLines(_drawn.PathOf("nlvr2/data/test1.json"),
        [
            "{", """{"identifier": "../../etc/passwd-0", "sentence": "s", "label": "True"}""", """{"identifier": "test1-0-0-0", "sentence": "s", "label": "Maybe"}""", "[]",
        ]);
        File.WriteAllText(_drawn.PathOf("nlvr2/data/train.json"), "\n");
        var message = Assert.Throws<DatasetException>(() => Open()).Message;
        Assert.Contains("splits without samples: 1 (train)", message, StringComparison.Ordinal);
        Assert.Contains("missing pictures: 5 (dev/dev-0-0-img1.png, dev/dev-1-0-img1.png, dev/dev-2-0-img1.png, …)", message, StringComparison.Ordinal);
        Assert.Contains("lines that are no samples: 2 (test1.json, line 9, test1.json, line 12)", message, StringComparison.Ordinal);
        Assert.Contains("identifiers that name no pair of photos: 1 (../../etc/passwd-0)", message, StringComparison.Ordinal);
        Assert.Contains("labels other than True and False: 1 (test1-0-0-0)", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Check_OpensEveryPicture_AndBatchNamesTheBrokenOne()
    {
        var broken = _drawn.PathOf("dev/dev-3-0-img0.png");
        File.WriteAllBytes(broken, File.ReadAllBytes(broken)[..60]);
        var facts = FolderCheck.Of("nlvr2", Settings.Data, opensPictures: true, CancellationToken.None);
        Assert.False(facts.IsWhole);
        Assert.Equal("broken pictures: 1 (dev/dev-3-0-img0.png)", Assert.Single(facts.Findings).ToString());
        Assert.True(FolderCheck.Of("nlvr2", Settings.Data, opensPictures: false, CancellationToken.None).IsWhole);
        Assert.Contains(broken, Assert.ThrowsAny<DasSearchException>(() => Open().Batch(Split.Validation, 0, 0, 8)).Message, StringComparison.Ordinal);
    }

    private TaskSettings Settings => new() { Data = new DataConfig { Root = _folder.FullName, Side = 16 } };

    private IVisionLanguageTask Open(TaskSettings? settings = null) => TaskTable.Named("nlvr2").Open(new DataSources(static _ => null), settings ?? Settings);
}
