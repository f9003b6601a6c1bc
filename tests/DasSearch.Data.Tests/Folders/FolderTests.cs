using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Folders;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Folders;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Data.Tests.Support;
using DasSearch.Data.Text;
using static TorchSharp.torch;

namespace DasSearch.Data.Tests.Folders;

/// <summary>Data sets in their authors' layouts: what is read of them, and what is said of those that are not whole.</summary>
public sealed class FolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-folders-");
    private readonly DrawnFolders _drawn;

    public FolderTests() => _drawn = new DrawnFolders(_folder.FullName);

    private DataConfig Settings => new() { Root = _folder.FullName, Side = 16, HeldOut = 2, FewestAnswers = 3 };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Yes!", "yes")]
    [InlineData("The  Cat", "cat")]
    [InlineData("none", "0")]
    [InlineData("ten", "10")]
    [InlineData("1,000", "1000")]
    [InlineData("2.5", "2.5")]
    [InlineData("St. John", "st john")]
    [InlineData("dont know", "don't know")]
    [InlineData("youdve", "youdve")]
    [InlineData("you'dve", "you'd've")]
    [InlineData("black/white", "black white")]
    [InlineData("black / white", "black  white")]
    [InlineData("t-shirt", "t shirt")]
    public void Normalised_IsAsVqasRulesHaveIt(string answer, string expected) =>
        Assert.Equal(expected.Replace("  ", " ", StringComparison.Ordinal), AnswerWords.Normalised(answer));

    [Fact]
    public void Vqa2_ScoresAnswersByHowManyGiveThem_AndHoldsPhotosOut()
    {
        _drawn.Vqa2();
        var task = Open("vqav2");
        Assert.Equal(["green", "blue", "white", "red"], task.Facts.Answers); // as they first occur: photo 9 is green
        Assert.Equal([12, 2, 2], task.Facts.Sizes);
        using var batch = task.Batch(Split.Validation, epoch: 0, index: 0, size: 2); // photos 581006 and 581007: blue by three people, white by four
        using var scope = NewDisposeScope();
        Assert.Equal([0f, 0.9f, 0, 0, 0, 0, 1, 0], batch.Targets!.data<float>().ToArray());
        Assert.Equal([1L, 2], batch.Labels.data<long>().ToArray());
        Assert.Contains(FolderCheck.Of("vqav2", Settings, opensPictures: true, CancellationToken.None).Findings, static finding =>
            finding is { IsFault: false, What: "answers of a person that are not in the vocabulary", First: ["some colour", ..] });
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(TrainingList.Tune, 2)]
    [InlineData(TrainingList.Final, 3)]
    public void Vtab_LearnsFromTheListThatIsAskedFor_WithClassesOfAllLists(TrainingList? lists, int train)
    {
        _drawn.Vtab();
        var task = Open("vtab", Settings with { Lists = lists });
        Assert.Equal(["0", "1", "2"], task.Facts.Answers);
        Assert.Equal([train, 1, 1], task.Facts.Sizes);
        using var batch = task.Batch(Split.Test, epoch: 0, index: 0, size: 1);
        Assert.Equal([2L], batch.Labels.data<long>().ToArray());
        Assert.Equal([1, 3, 16, 16], batch.Images[0].shape);
    }

    [Fact]
    public void Vtab_LinesThatAreNoSamples_OrLeadOut_AreNamed()
    {
        _drawn.Vtab();
        File.WriteAllText(_drawn.PathOf("train800.txt"), "images/train/a.png 0\nimages/train/b.png\n../b.png 1\nimages/train/a.png 999999999\n/etc/passwd 0\n");
        var message = Assert.Throws<DatasetException>(() => Open("vtab")).Message;
        Assert.Contains("lines that are no samples: 2 (train800.txt, line 2, train800.txt, line 4)", message, StringComparison.Ordinal);
        Assert.Contains("paths that lead out of the folder: 2 (train800.txt, line 3, train800.txt, line 5)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vqa2_ThatIsNotWhole_NamesWhatIsMissing()
    {
        _drawn.Vqa2();
        _drawn.Write("v2_OpenEnded_mscoco_train2014_questions.json", new { questions = new[] { new { image_id = 9, question = "What?", question_id = 7L } } });
        var message = Assert.Throws<DatasetException>(() => Open("vqav2")).Message;
        Assert.Contains("questions without annotation: 1 (7)", message, StringComparison.Ordinal);
        Assert.Contains("annotations without question: 8 (9001, 10001, 11001, …)", message, StringComparison.Ordinal);
        _drawn.Write("v2_mscoco_train2014_annotations.json", new { annotations = new object?[] { null, new { question_id = "seven" } } });
        Assert.Contains("v2_mscoco_train2014_annotations.json cannot be understood in line 1, at $.annotations[1].question_id", Assert.Throws<DatasetException>(() => Open("vqav2")).Message, StringComparison.Ordinal);
        File.Delete(_drawn.PathOf("v2_mscoco_train2014_annotations.json"));
        Assert.Contains("lacks v2_mscoco_train2014_annotations.json", Assert.Throws<DatasetException>(() => Open("vqav2")).Message, StringComparison.Ordinal);
        _drawn.Vqa2();
        Assert.Contains("must be at most 4, half of the 8 photos", Assert.Throws<ConfigException>(() => Open("vqav2", Settings with { HeldOut = 5 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Flickr30K_RanksATrueCaption_AndItsGalleryHasAllOfThem()
    {
        _drawn.Flickr30K();
        var task = Assert.IsAssignableFrom<IGalleryTask>(Open("flickr30k"));
        Assert.Equal([8, 8, 8], task.Facts.Sizes); // four photos, a caption that is there twice counting once
        using var batch = task.Batch(Split.Test, epoch: 0, index: 0, size: 3);
        Assert.Equal([3L, 16, 40], batch.Texts.Ids.shape);
        using var gallery = task.Gallery(Split.Test, 1000);
        using var image = gallery.Image(1);
        Assert.Equal(4, gallery.Images);
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], gallery.Owners);
        Assert.True(gallery.Texts.Ids[0].equal(batch.Texts.Ids[0][0]).all().item<bool>());
        Assert.True(image[0].equal(batch.Images[0][2]).all().item<bool>()); // the third sample is of the second photo
    }

    [Fact]
    public void Flickr30K_WithNamesThatLeadElsewhere_IsRefused()
    {
        _drawn.Flickr30K();
        _drawn.Write("dataset_flickr30k.json", new { images = new[] { new { filename = "../secret.jpg", split = "train", sentences = new[] { new { raw = "a" } } } } });
        var message = Assert.Throws<DatasetException>(() => Open("flickr30k")).Message;
        Assert.Contains("names that are no photo's: 1 (../secret.jpg)", message, StringComparison.Ordinal);
        Assert.Contains("splits without samples: 3 (train, validation, test)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Photos_AreOfTheirFoldersClass_AndHalfOfValIsTheTest()
    {
        _drawn.Photos();
        var task = Open("photos");
        Assert.Equal(["green", "red"], task.Facts.Answers);
        Assert.Equal([8, 4, 4], task.Facts.Sizes);
        using var batch = task.Batch(Split.Test, epoch: 0, index: 0, size: 4);
        Assert.Equal([0L, 0, 1, 1], batch.Labels.data<long>().ToArray());
        Directory.CreateDirectory(_drawn.PathOf("val/violet"));
        Assert.Contains("classes that train/ does not have: 1 (val/violet)", Assert.Throws<DatasetException>(() => Open("photos")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Photos_SayOfEachClassWhatItIsCalled()
    {
        _drawn.Photos();
        foreach (var split in new[] { "train", "val" })
        {
            Directory.Move(_drawn.PathOf($"{split}/red"), _drawn.PathOf($"{split}/deep_red"));
        }

        Assert.Equal(["a photo of a deep red.", "a photo of a green."], PromptsOf(Open("photos")));
        Assert.Equal(["deep red, drawn!", "green, drawn!"], PromptsOf(Open("photos", Settings with { Prompt = "{}, drawn!" })));
        Assert.Equal(["a photo of a", "a photo of a"], PromptsOf(Open("photos", Settings with { TextLength = 6 }))); // as other texts are cut
        File.WriteAllText(_drawn.PathOf("classnames.txt"), "violet a violet\ngreen light green\ndeep_red dark red\n");
        Assert.Equal(["a photo of a dark red.", "a photo of a light green."], PromptsOf(Open("photos")));
    }

    [Fact]
    public void Head_OfClasses_IsHandedOn_AndOfOthersRefused()
    {
        _drawn.Photos().Vtab().Vqa2().ScienceQa();
        var photos = Open("photos", Settings with { Head = ClassHead.Prompts }).Facts;
        Assert.Equal((ClassHead.Prompts, false), (photos.Head, photos.TextsDiffer));
        Assert.True(Open("scienceqa").Facts.TextsDiffer);
        Assert.Equal(ClassHead.Linear, Open("vtab", Settings with { Head = ClassHead.Linear }).Facts.Head);
        Assert.Equal(
            "data.head must be linear, or left out: of prompts it is for tasks whose classes have names, such as photos, and those of vtab have none",
            Assert.Throws<ConfigException>(() => Open("vtab", Settings with { Head = ClassHead.Prompts })).Message);
        Assert.Equal(
            "data.head is for tasks of classes, such as photos, and vqav2 is none: leave it out",
            Assert.Throws<ConfigException>(() => Open("vqav2", Settings with { Head = ClassHead.Linear })).Message);
    }

    [Theory]
    [InlineData(ClassHalf.All, "blue", "green", "red")]
    [InlineData(ClassHalf.Base, "blue", "green")]
    [InlineData(ClassHalf.New, "red")]
    public void Photos_OfHalfTheClasses_AreThoseAlone_NumberedAnew(ClassHalf half, params string[] classes)
    {
        _drawn.Photos(classes: 3);
        var task = Open("photos", Settings with { Classes = half });
        Assert.Equal(classes, task.Facts.Answers);
        Assert.Equal([4 * classes.Length, 2 * classes.Length, 2 * classes.Length], task.Facts.Sizes);
        Assert.Equal(classes.Select(static name => $"a photo of a {name}."), PromptsOf(task));
        using var batch = task.Batch(Split.Test, epoch: 0, index: 0, size: 2 * classes.Length);
        Assert.Equal(classes.SelectMany(static (_, label) => new long[] { label, label }), batch.Labels.data<long>().ToArray());
    }

    [Fact]
    public void Photos_ThatClassnamesDoesNotName_AreFaults()
    {
        _drawn.Photos();
        File.WriteAllText(_drawn.PathOf("classnames.txt"), "red deep red\nviolet a violet\n");
        Assert.Contains("classes that classnames.txt does not name: 1 (green)", Assert.Throws<DatasetException>(() => Open("photos")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_OfWhatHasNoNames_AreNotHalved()
    {
        _drawn.Vtab();
        Assert.Equal(
            "data.classes is for tasks whose classes have names, such as photos",
            Assert.Throws<ConfigException>(() => Open("vtab", Settings with { Classes = ClassHalf.New })).Message);
        Assert.Contains("data.prompt must have {} in place of a class's name", Assert.Throws<ConfigException>(() => Settings with { Prompt = "a photo" }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScienceQa_AsksForALetter_WithAPictureOrAPlainImage()
    {
        _drawn.ScienceQa();
        var task = Open("scienceqa");
        Assert.Equal(["A", "B", "C", "D", "E"], task.Facts.Answers);
        using var batch = task.Batch(Split.Test, epoch: 0, index: 0, size: 3);
        using var scope = NewDisposeScope();
        Assert.Equal([0L, 1, 0], batch.Labels.data<long>().ToArray());
        Assert.NotEqual(0, batch.Images[0][1].abs().sum().item<float>());
        Assert.Equal(0, batch.Images[0][2].abs().sum().item<float>());
        Assert.Equal(
            "Question: Which colour is it? Options: (A) red (B) green Context: It is red.",
            new ScienceQaFolder().Read(new DataRoot(_folder.FullName), Settings, new Findings()).Splits[2][2].Text);
    }

    [Fact]
    public void ScienceQa_OfADecoder_AsksWhichLetterFollows()
    {
        _drawn.ScienceQa();
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "pieces", "tokenizer.model");
        var tokenizer = TokenizerTable.Open(path);
        var task = Open("scienceqa-likelihood", Settings with { Tokenizer = path, TextLength = 80 });
        Assert.Equal((TaskKind.Continuation, 0, 2, tokenizer.Count), (task.Facts.Kind, task.Facts.Images, task.Facts.Texts, task.Facts.Vocabulary)); // no question has more choices
        using var batch = task.Batch(Split.Test, epoch: 0, index: 0, size: 3);
        using var scope = NewDisposeScope();
        Assert.Equal([0L, 1, 0], batch.Labels.data<long>().ToArray());
        var (ids, asked) = (batch.Texts.Ids[2], batch.Texts.Asked![2]);
        Assert.Equal("Question: Which colour is it? Options: (A) red (B) green Context: It is red. Answer: B", tokenizer.Decode(ids[1].data<long>().ToArray()));
        Assert.Equal("B", tokenizer.Decode(ids[1].masked_select(asked[1]).data<long>().ToArray()));
        Assert.Equal(tokenizer.Encode("", new long[2]) - 1, ids[0, 0].item<long>());

        // What is cut off is the question's end, and never the answer.
        var brief = Open("scienceqa-likelihood", Settings with { Tokenizer = path, TextLength = 20 });
        using var cut = brief.Batch(Split.Test, epoch: 0, index: 0, size: 3);
        Assert.Equal(20, brief.Facts.TextLength);
        Assert.EndsWith("Answer: A", tokenizer.Decode(cut.Texts.Ids[2, 0].data<long>().ToArray()), StringComparison.Ordinal);
        Assert.Contains("data.tokenizer is missing", Assert.Throws<ConfigException>(() => Open("scienceqa-likelihood")).Message, StringComparison.Ordinal);
        Assert.Contains("data.text_length must be above 4", Assert.Throws<ConfigException>(
            () => Open("scienceqa-likelihood", Settings with { Tokenizer = path, TextLength = 4 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScienceQa_OfADecoderThatIsShownPictures_HasTheirPlacesInTexts()
    {
        _drawn.ScienceQa();
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "pieces", "tokenizer.model");
        var (tokenizer, view) = (TokenizerTable.Open(path), new BackboneView(null, ImageStyle.Grey(224, 0.5f, 0.5f) with { TokensInText = 6 }) { TakesAnySide = true });
        var task = Open("scienceqa-likelihood", Settings with { Tokenizer = path, TextLength = 90, Side = 16 }, view);
        Assert.Equal((1, 16, 2), (task.Facts.Images, task.Facts.ImageSide, task.Facts.Texts));
        using var batch = task.Batch(Split.Test, epoch: 0, index: 0, size: 3);
        using var scope = NewDisposeScope();
        Assert.Equal([3L, 3, 16, 16], batch.Images[0].shape);
        Assert.Equal("Image: " + "Question: Which colour is it? Options: (A) red (B) green Answer: A", Text(1, out var places));
        Assert.Equal(6, places.Count);
        Assert.Equal(Enumerable.Range(places[0], 6), places);
        Assert.StartsWith("Image: ", tokenizer.Decode(batch.Texts.Ids[1, 0].narrow(0, 0, places[0]).data<long>().ToArray()), StringComparison.Ordinal);
        Assert.StartsWith("Image: N/A Question: Which colour is it?", Text(2, out var none), StringComparison.Ordinal);
        Assert.Empty(none);
        Assert.Contains("the answers and an image have", Assert.Throws<ConfigException>(
            () => Open("scienceqa-likelihood", Settings with { Tokenizer = path, TextLength = 15 }, view)).Message, StringComparison.Ordinal);

        string Text(int row, out List<int> places)
        {
            var ids = batch.Texts.Ids[row, 0].data<long>().ToArray();
            places = [.. Enumerable.Range(0, ids.Length).Where(i => ids[i] == ImageStyle.Token)];
            return tokenizer.Decode([.. ids.Where(static id => id != ImageStyle.Token)]).Replace("  ", " ", StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> PromptsOf(IVisionLanguageTask task) => task.Facts.Prompts.Select(static prompt => TokenizerTable.Named("minilm")!.Decode([.. prompt]));

    private IVisionLanguageTask Open(string task, DataConfig? settings = null, BackboneView? view = null) =>
        TaskTable.Named(task).Open(new DataSources(static _ => null), new TaskSettings { Data = settings ?? Settings, View = view ?? BackboneView.Natural });
}
