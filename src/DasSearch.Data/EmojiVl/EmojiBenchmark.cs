using DasSearch.Data.Emoji;
using DasSearch.Data.Tasks;
using DasSearch.Data.Text;

namespace DasSearch.Data.EmojiVl;

/// <summary>EmojiVL: scenes of emoji under names that nobody of us chose.</summary>
internal sealed class EmojiBenchmark
{
    public const string Name = "emojivl";

    // What texts say besides names and what every benchmark says.
    private static readonly string[] Grammar = ["an", "where", "place", "picture", "pictures", "group", "one"];

    private readonly EmojiPictures _pictures;
    private readonly EmojiWorld _training;
    private readonly EmojiWorld _heldOut;

    public EmojiBenchmark(EmojiPictures pictures)
    {
        var things = pictures.Things;
        _pictures = pictures;
        _training = new EmojiWorld(things, isTraining: true);
        _heldOut = new EmojiWorld(things, isTraining: false);
        Answers = new EmojiAnswers(things);
        Words = new WordTokenizer(Vocabulary.Of(Grammar.Concat(
            things.SelectMany(static thing => new[] { thing.Name, thing.Kind, thing.Group }).SelectMany(static name => name.Split(' ')))));
    }

    public EmojiAnswers Answers { get; }

    /// <summary>The closed list of words of all texts.</summary>
    public ITokenizer Words { get; }

    public EmojiVqaSource Questions => new(World, Answers);

    public EmojiWorld World(Split split) => split == Split.Train ? _training : _heldOut;

    /// <summary>The benchmark as a backbone reads it.</summary>
    public Benchmark<Thing> Seen(BackboneView view) =>
        new(Name, World, new EmojiRenderer(_pictures, view.Style ?? EmojiRenderer.Natural), view.Tokenizer ?? Words)
        {
            IsUnseen = static thing => thing.IsUnseen,
        };
}
