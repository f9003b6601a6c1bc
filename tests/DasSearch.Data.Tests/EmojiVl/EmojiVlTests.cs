using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using DasSearch.Core;
using DasSearch.Data.Captions;
using DasSearch.Data.Emoji;
using DasSearch.Data.EmojiVl;
using DasSearch.Data.Pretraining;
using DasSearch.Data.Scenes;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Nlvr2;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Data.Tests.Support;
using DasSearch.Data.Text;
using Xunit.Abstractions;

namespace DasSearch.Data.Tests.EmojiVl;

public sealed class EmojiVlTests(ITestOutputHelper output)
{
    private static readonly EmojiBenchmark Emoji = RealEmoji.Benchmark;
    private static readonly DataSources Sources = new(static _ => null) { Emoji = Emoji };

    private static readonly Position[] All = Enum.GetValues<Position>();

    // Where texts alone are looked at, so that pictures take no time.
    private static readonly ImageStyle _thumbnail = new(8, [0, 0, 0], [1, 1, 1]);

    public static TheoryData<string> Names => ["emojivl-vqa", "emojivl-nlvr2", "emojivl-retrieval"];

    [Fact]
    public void Label_OfAQuestion_IsTheAnswerToItsWords() => Draws.ForAll(
        random =>
        {
            var sample = Emoji.Questions.Draw(random.Next(2) == 0 ? Split.Train : Split.Test, random);
            return Answer(sample.Texts.Single(), [.. All.Select(position => sample.Scenes[0][position])]) == Emoji.Answers.All[sample.Label];
        },
        times: 3000);

    [Theory]
    [InlineData(Split.Train)]
    [InlineData(Split.Test)]
    public void Answers_OfEachFamily_AreBalanced(Split split)
    {
        var world = Emoji.World(split);
        var samples = Draws.Of(24_000, random =>
        {
            var question = EmojiQuestion.Draw(world, random);
            return (question.Family, Answer: Emoji.Answers.Of(question, question.SceneOf(world, Emoji.Answers, random)));
        }).ToList();

        Assert.Equal(8, samples.Select(sample => sample.Family).Distinct().Count());
        foreach (var family in samples.GroupBy(sample => sample.Family))
        {
            var answers = family.CountBy(sample => sample.Answer).ToList();
            var expected = family.Key switch
            {
                EmojiQuestionFamily.ThingCount or EmojiQuestionFamily.KindCount => 5,
                EmojiQuestionFamily.Place => 4,
                EmojiQuestionFamily.KindAt => Emoji.Answers.Kinds.Count,
                EmojiQuestionFamily.GroupAt => Emoji.Answers.Groups.Count,
                _ => 2,
            };
            Assert.Equal(expected, answers.Count);
            var even = (double)family.Count() / answers.Count;
            Assert.All(answers, answer => Assert.InRange(answer.Value, even - (5 * Math.Sqrt(even)), even + (5 * Math.Sqrt(even))));
        }
    }

    [Fact]
    public void Samples_OfTheTraining_NameAndShowNothingUnseen_AndOthersDo()
    {
        ISampleSource<Thing>[] sources =
            [Emoji.Questions, new Nlvr2Source<Thing>(Emoji.World), new RetrievalSource<Thing>(Emoji.World, 4)];
        foreach (var source in sources)
        {
            foreach (var split in Enum.GetValues<Split>())
            {
                var samples = Draws.Of(3000, random => source.Draw(split, random)).ToList();
                var shown = samples.Count(sample => sample.Scenes.Any(scene => All.Any(position => scene[position].IsUnseen)));
                var named = samples.Count(sample => sample.Named.Any(thing => thing.IsUnseen));
                output.WriteLine($"{source.Facts.Name}, {split}: of {samples.Count} samples {shown} show and {named} name something unseen");
                Assert.Equal((split == Split.Train, split == Split.Train), (shown == 0, named == 0));
            }
        }

        var unseen = Emoji.World(Split.Test).Items.Where(thing => thing.IsUnseen).Select(thing => thing.Name).ToHashSet();
        var captions = Draws.Of(3000, random => PretrainingSample<Thing>.Draw(Emoji.World(Split.Train), random, easyShare: 0.3)).ToList();
        Assert.DoesNotContain(captions, sample => All.Any(position => sample.Change.Original[position].IsUnseen || sample.Change.Twin[position].IsUnseen));
        Assert.DoesNotContain(
            captions.Where(sample => sample.Plan.Form is CaptionForm.Presence or CaptionForm.Count or CaptionForm.Place),
            sample => unseen.Any(name => Regex.IsMatch(sample.TrueCaption, $@"\ba(n?) {Regex.Escape(name)}( in the|\.)")));
    }

    [Fact]
    public void NamingOf_ASampleOfTheTest_IsOftenEnoughOfUnseenNames()
    {
        var task = Assert.IsAssignableFrom<INamingTask>(Open("emojivl-vqa"));
        var counts = Enumerable.Range(0, 4000).CountBy(sample => task.NamingOf(Split.Test, sample)).ToDictionary();
        output.WriteLine($"of 4,000 questions {counts[Naming.Unseen]} name something unseen, {counts[Naming.Seen]} only what is seen, {counts[Naming.None]} nothing");
        Assert.InRange(counts[Naming.Unseen], 500, 800);
        Assert.InRange(counts[Naming.Seen], 900, 1400);
        Assert.All(Enumerable.Range(0, 500), sample => Assert.NotEqual(Naming.Unseen, task.NamingOf(Split.Train, sample)));
        Assert.Throws<ArgumentOutOfRangeException>(() => task.NamingOf(Split.Test, 4000));
    }

    [Fact]
    public void Captions_AnySample_AreTrueAndFalse() => Draws.ForAll(random =>
    {
        var sample = PretrainingSample<Thing>.Draw(Emoji.World(Split.Validation), random);
        return sample.TrueCaption != sample.FalseCaption && CaptionPlanner.TellsApart(sample.Plan, sample.Change);
    });

    [Fact]
    public void TextOnlyBaseline_OfQuestions_StaysBelowFortyPercent()
    {
        var accuracy = TextOnlyBaseline.Accuracy(Open("emojivl-vqa", new BackboneView(null, _thumbnail)), Split.Test);

        // By the family's words alone, whatever they are about: what a model can do that knows no name.
        var templates = new Dictionary<string, int>(StringComparer.Ordinal);
        string Template(SampleDraft<Thing> sample)
        {
            var text = sample.Texts[0];
            return string.Join(' ', text.TrimEnd('?').Split(' ').Where(Frame.Contains));
        }

        var trained = Draws.Of(20_000, random => Emoji.Questions.Draw(Split.Train, random)).GroupBy(Template)
            .ToDictionary(group => group.Key, group => group.CountBy(sample => sample.Label).MaxBy(entry => entry.Value).Key);
        var byTemplate = Draws.Of(4000, seed => Emoji.Questions.Draw(Split.Test, seed)).Average(sample => trained.GetValueOrDefault(Template(sample), -1) == sample.Label ? 1.0 : 0);
        output.WriteLine($"question only: {accuracy:P2} by the whole text, {byTemplate:P2} by its template");
        Assert.InRange(accuracy, 0.15, 0.40);
        Assert.InRange(byTemplate, 0.15, 0.40);
    }

    [Fact]
    public void TextOnlyBaseline_OfStatements_IsChance()
    {
        var accuracy = TextOnlyBaseline.Accuracy(Open("emojivl-nlvr2", new BackboneView(null, _thumbnail)), Split.Test);
        output.WriteLine($"statement only: {accuracy:P2}");
        Assert.InRange(accuracy, 0.46, 0.54);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Texts_OfATask_FitItsLength_AndHaveNoUnknownWord(string name)
    {
        foreach (var tokenizer in new[] { null, TokenizerTable.Named("minilm") })
        {
            var task = Open(name, new BackboneView(tokenizer, _thumbnail));
            var longest = 0L;
            foreach (var split in Enum.GetValues<Split>())
            {
                using var batch = task.Batch(split, 0, 0, 1000);
                longest = Math.Max(longest, batch.Texts.Lengths().Max());
                if (tokenizer is null)
                {
                    Assert.DoesNotContain(Vocabulary.Unknown, MemoryMarshal.Cast<byte, long>(batch.Texts.Ids.bytes).ToArray());
                }
            }

            output.WriteLine($"{name}: texts of at most {task.Facts.TextLength} tokens of {task.Facts.Vocabulary}; the longest of 3,000 has {longest}");
            Assert.InRange(task.Facts.TextLength, longest, 70);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(224)]
    [InlineData(56)]
    public void Batch_InAStyle_IsOfItsSide_AndOfTheSamePictures(int side)
    {
        float[] mean = [0.485f, 0.456f, 0.406f];
        float[] deviation = [0.229f, 0.224f, 0.225f];
        var task = Open("emojivl-vqa", new BackboneView(null, new ImageStyle(side, mean, deviation)));
        using var styled = task.Batch(Split.Test, 0, 0, 4);
        using var natural = Open("emojivl-vqa").Batch(Split.Test, 0, 0, 4);
        Assert.Equal([4, 3, side, side], styled.Images[0].shape);
        Assert.Equal((side, 64), (task.Facts.ImageSide, (int)natural.Images[0].shape[2]));
        for (var channel = 0; channel < 3; channel++)
        {
            var seen = (styled.Images[0].select(1, channel).mean().item<float>() * deviation[channel]) + mean[channel];
            Assert.Equal((natural.Images[0].select(1, channel).mean().item<float>() * 0.25f) + 0.75f, seen, 0.02f);
        }
    }

    [Fact]
    public void Render_ManyScenes_HaveAMeanNearZeroAndADeviationNearOne()
    {
        using var batch = Open("emojivl-vqa").Batch(Split.Train, 0, 0, 500);
        Assert.Equal(0, batch.Images[0].mean().item<float>(), 0.25f);
        Assert.Equal(1, batch.Images[0].std().item<float>(), 0.25f);
        output.WriteLine($"mean {batch.Images[0].mean().item<float>()}, deviation {batch.Images[0].std().item<float>()}");
    }

    [Fact]
    public void Texts_OfEachFamily_AreShownAsExamples()
    {
        foreach (var sample in Draws.Of(24, random => Emoji.Questions.Draw(Split.Train, random)))
        {
            output.WriteLine($"{sample.Texts[0]} {Emoji.Answers.All[sample.Label]}");
        }

        foreach (var sample in Draws.Of(8, random => new Nlvr2Source<Thing>(Emoji.World).Draw(Split.Train, random)))
        {
            output.WriteLine($"{sample.Texts[0]} {sample.Label}");
        }

        foreach (var sample in Draws.Of(8, random => PretrainingSample<Thing>.Draw(Emoji.World(Split.Train), random)))
        {
            output.WriteLine($"{sample.TrueCaption} / {sample.FalseCaption}");
        }
    }

    private static readonly HashSet<string> Frame =
        [.. "is there can one see how many what the number of where in which place kind item items does show group are as more fewer than pictures".Split(' ')];

    private static IVisionLanguageTask Open(string name, BackboneView? view = null) =>
        TaskTable.Named(name).Open(Sources, new TaskSettings { View = view ?? BackboneView.Natural });

    // Understands a question by its words alone.
    private static string Answer(string question, Thing[] scene)
    {
        const string At = "((?:top|bottom) (?:left|right))";
        string[] numbers = ["zero", "one", "two", "three", "four"];
        string[] places = ["top left", "top right", "bottom left", "bottom right"];
        return Match($@"^(?:is there|can one see) an? (.+)\?$") is { } exists ? YesOrNo(Count(exists[0]) > 0)
            : Match($@"^(?:how many|what is the number of) (.+?)(?: are there)?\?$") is { } many ? numbers[Count(many[0])]
            : Match($@"^(?:where is|in which place can one see) the (.+)\?$") is { } where ? places[Array.FindIndex(scene, thing => IsCalled(thing, where[0]))]
            : Match($@"^(?:what kind of item is in|which kind of item does) the {At}(?: show)?\?$") is { } kind ? scene[Array.IndexOf(places, kind[0])].Kind
            : Match($@"^(?:what group of items is|which group of items does) the {At}(?: show| item of)?\?$") is { } group ? scene[Array.IndexOf(places, group[0])].Group
            : Match($@"^(?:are there|can one see) as many (.+) as (.+)\?$") is { } same ? YesOrNo(Count(same[0]) == Count(same[1]))
            : Match($@"^(?:are there|can one see) (more|fewer) (.+) than (.+)\?$") is { } more
                ? YesOrNo(more[0] == "more" ? Count(more[1]) > Count(more[2]) : Count(more[1]) < Count(more[2]))
            : throw new FormatException($"No question is worded like '{question}'.");

        string[]? Match(string pattern) =>
            Regex.Match(question, pattern) is { Success: true } match ? [.. match.Groups.Values.Skip(1).Where(part => part.Success).Select(part => part.Value)] : null;

        int Count(string words) => scene.Count(thing => IsCalled(thing, words));

        static bool IsCalled(Thing thing, string words) =>
            words == thing.Name || words == $"{thing.Name} pictures" || words == $"{thing.Kind} item" || words == $"{thing.Kind} items";

        static string YesOrNo(bool answer) => answer ? "yes" : "no";
    }
}
