using DasSearch.Data.Emoji;
using DasSearch.Data.Scenes;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Vqa;

namespace DasSearch.Data.EmojiVl;

/// <summary>The kinds of questions, each an eighth of them.</summary>
internal enum EmojiQuestionFamily
{
    /// <summary>Is there a thing?</summary>
    ThingExistence,

    /// <summary>Is there something of a kind?</summary>
    KindExistence,

    /// <summary>How many of a thing?</summary>
    ThingCount,

    /// <summary>How many of a kind?</summary>
    KindCount,

    /// <summary>Where is a thing?</summary>
    Place,

    /// <summary>What kind is at a position?</summary>
    KindAt,

    /// <summary>What group is at a position?</summary>
    GroupAt,

    /// <summary>Are there more, fewer or as many of one thing or kind as of another?</summary>
    Comparison,
}

/// <summary>A question about one scene.</summary>
/// <param name="Family">What kind of question.</param>
/// <param name="Wording">Which of the family's two wordings, 0 or 1.</param>
/// <param name="Filter">What is looked for or counted; without meaning where a position is asked about.</param>
/// <param name="Position">The position asked about.</param>
/// <param name="Other">What is compared with.</param>
/// <param name="Relation">How it is compared.</param>
internal sealed record EmojiQuestion(
    EmojiQuestionFamily Family, int Wording, IFilter<Thing> Filter, Position Position, IFilter<Thing> Other, Relation Relation)
{
    private const int Families = 8;

    /// <summary>Draws a question; no scene has been drawn yet.</summary>
    public static EmojiQuestion Draw(EmojiWorld world, Random random)
    {
        var family = (EmojiQuestionFamily)random.Next(Families);
        var comparesThings = random.Next(2) == 0;
        var ofThing = family is EmojiQuestionFamily.ThingExistence or EmojiQuestionFamily.ThingCount or EmojiQuestionFamily.Place
            || (family == EmojiQuestionFamily.Comparison && comparesThings);
        var filter = FilterOf(world.Draw(random));
        IFilter<Thing> other;
        do
        {
            other = FilterOf(world.Draw(random));
        }
        while (filter.Equals(other));

        return new EmojiQuestion(family, random.Next(2), filter, Positions.Draw(random), other, (Relation)random.Next(Relations.Count));

        IFilter<Thing> FilterOf(Thing thing) => ofThing ? world.Exactly(thing) : world.Of(thing);
    }

    /// <summary>Some questions, of which one has as many tokens as any.</summary>
    public static IEnumerable<string> Longest(LongestNames<Thing> names) =>
        from family in Enum.GetValues<EmojiQuestionFamily>()
        from wording in Enumerable.Range(0, 2)
        from relation in Enum.GetValues<Relation>()
        from filter in names.Filters
        select new EmojiQuestion(family, wording, filter, Position.BottomRight, filter, relation).Text;

    /// <summary>The question in words.</summary>
    public string Text => (Family, Wording) switch
    {
        (EmojiQuestionFamily.ThingExistence or EmojiQuestionFamily.KindExistence, 0) => $"is there {Filter.One}?",
        (EmojiQuestionFamily.ThingExistence or EmojiQuestionFamily.KindExistence, _) => $"can one see {Filter.One}?",
        (EmojiQuestionFamily.ThingCount or EmojiQuestionFamily.KindCount, 0) => $"how many {Filter.Plural} are there?",
        (EmojiQuestionFamily.ThingCount or EmojiQuestionFamily.KindCount, _) => $"what is the number of {Filter.Plural}?",
        (EmojiQuestionFamily.Place, 0) => $"where is the {Filter.Singular}?",
        (EmojiQuestionFamily.Place, _) => $"in which place can one see the {Filter.Singular}?",
        (EmojiQuestionFamily.KindAt, 0) => $"what kind of item is in the {Position.Phrase()}?",
        (EmojiQuestionFamily.KindAt, _) => $"which kind of item does the {Position.Phrase()} show?",
        (EmojiQuestionFamily.GroupAt, 0) => $"what group of items is the {Position.Phrase()} item of?",
        (EmojiQuestionFamily.GroupAt, _) => $"which group of items does the {Position.Phrase()} show?",
        _ => Comparison,
    };

    /// <summary>The things that the question names.</summary>
    public IEnumerable<Thing> Named => Family switch
    {
        EmojiQuestionFamily.KindAt or EmojiQuestionFamily.GroupAt => [],
        EmojiQuestionFamily.Comparison => Filter.Named.Concat(Other.Named),
        _ => Filter.Named,
    };

    /// <summary>Draws the scene that the question is about, every answer being equally likely.</summary>
    public Scene<Thing> SceneOf(EmojiWorld world, EmojiAnswers answers, Random random) => Family switch
    {
        EmojiQuestionFamily.ThingExistence or EmojiQuestionFamily.KindExistence => world.Existing(Filter, random),
        EmojiQuestionFamily.ThingCount or EmojiQuestionFamily.KindCount => world.Counted(Filter, random),
        EmojiQuestionFamily.Place => world.WithCount(Filter, 1, random),
        EmojiQuestionFamily.KindAt => world.Pooled(random).With(Position, world.OfKind(Any(answers.Kinds, random), random)),
        EmojiQuestionFamily.GroupAt => world.Pooled(random).With(Position, world.OfGroup(Any(answers.Groups, random), random)),
        _ => world.Compared(Filter, Relation, Other, random),
    };

    private string Comparison => (Relation, Wording) switch
    {
        (Relation.AsMany, 0) => $"are there as many {Filter.Plural} as {Other.Plural}?",
        (Relation.AsMany, _) => $"can one see as many {Filter.Plural} as {Other.Plural}?",
        (_, 0) => $"are there {(Relation == Relation.More ? "more" : "fewer")} {Filter.Plural} than {Other.Plural}?",
        _ => $"can one see {(Relation == Relation.More ? "more" : "fewer")} {Filter.Plural} than {Other.Plural}?",
    };

    private static string Any(IReadOnlyList<string> words, Random random) => words[random.Next(words.Count)];
}

/// <summary>The closed list of answers, and the right one of a question about a scene.</summary>
internal sealed class EmojiAnswers
{
    private const int FirstNumber = 2;
    private const int FirstPlace = FirstNumber + Positions.Count + 1;
    private const int FirstGroup = FirstPlace + Positions.Count;

    private readonly Dictionary<string, int> _groups;
    private readonly Dictionary<string, int> _kinds;

    /// <param name="things">Every thing there is: kinds and groups are in the order of their first things.</param>
    public EmojiAnswers(IReadOnlyList<Thing> things)
    {
        Groups = [.. things.Select(static thing => thing.Group).Distinct()];
        Kinds = [.. things.Select(static thing => thing.Kind).Distinct()];
        _groups = Index(Groups, FirstGroup);
        _kinds = Index(Kinds, FirstGroup + Groups.Count);
        All =
        [
            "no",
            "yes",
            .. Text.Numbers.UpTo(Positions.Count),
            .. Enum.GetValues<Position>().Select(static position => position.Phrase()),
            .. Groups,
            .. Kinds,
        ];
    }

    /// <summary>Every answer, the index being its place.</summary>
    public IReadOnlyList<string> All { get; }

    public IReadOnlyList<string> Groups { get; }

    public IReadOnlyList<string> Kinds { get; }

    /// <summary>The right answer's index.</summary>
    public int Of(EmojiQuestion question, Scene<Thing> scene) => question.Family switch
    {
        EmojiQuestionFamily.ThingExistence or EmojiQuestionFamily.KindExistence => Of(question.Filter.Count(scene) > 0),
        EmojiQuestionFamily.ThingCount or EmojiQuestionFamily.KindCount => FirstNumber + question.Filter.Count(scene),
        EmojiQuestionFamily.Place => FirstPlace + (int)Enum.GetValues<Position>().First(position => question.Filter.Matches(scene[position])),
        EmojiQuestionFamily.KindAt => _kinds[scene[question.Position].Kind],
        EmojiQuestionFamily.GroupAt => _groups[scene[question.Position].Group],
        _ => Of(question.Relation.Holds(question.Filter.Count(scene), question.Other.Count(scene))),
    };

    private static int Of(bool answer) => answer ? 1 : 0;

    private static Dictionary<string, int> Index(IReadOnlyList<string> words, int first) =>
        Enumerable.Range(0, words.Count).ToDictionary(i => words[i], i => first + i, StringComparer.Ordinal);
}

/// <summary>Questions about a scene of things, answered out of a closed list.</summary>
/// <param name="worlds">What there is in a split.</param>
/// <param name="answers">The answers.</param>
internal sealed class EmojiVqaSource(Func<Split, EmojiWorld> worlds, EmojiAnswers answers) : ISampleSource<Thing>
{
    public SourceFacts Facts { get; } = new("vqa", TaskKind.Answering, answers.All);

    public IEnumerable<string> Longest(LongestNames<Thing> names) => EmojiQuestion.Longest(names);

    public SampleDraft<Thing> Draw(Split split, Random random)
    {
        var world = worlds(split);
        var question = EmojiQuestion.Draw(world, random);
        var scene = question.SceneOf(world, answers, random);
        return new SampleDraft<Thing>([scene], [question.Text], answers.Of(question, scene)) { Named = [.. question.Named] };
    }
}
