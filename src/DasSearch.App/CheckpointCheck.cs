using DasSearch.Core;
using DasSearch.Data.Text;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Models.Heads;
using static TorchSharp.torch;

namespace DasSearch.App;

/// <summary>What a published ViLT checkpoint gives for the inputs of which its publishers say what it should.</summary>
/// <remarks>
/// The values are those that Hugging Face's conversion of ViLT (arXiv:2102.03334) checks: the image 000000039769 of COCO's val2017 with a question or
/// a sentence with hidden words, and an example image of NLVR2 twice with a statement. Which of them a checkpoint is for, its heads say.
/// </remarks>
/// <param name="Checkpoint">The checkpoint's file.</param>
/// <param name="Values">What was compared.</param>
public sealed record CheckpointCheck(string Checkpoint, IReadOnlyList<CheckedValue> Values)
{
    private const int Cats = 8870; // of BERT's words in lower case

    /// <summary>Compares them.</summary>
    /// <param name="checkpoint">A ViLT with its head, under official names or Hugging Face's.</param>
    /// <param name="pixels">The image as ViLT's processor gives it, [1, 3, height, width]: a NumPy array, or the one tensor of another file.</param>
    /// <exception cref="DasSearchException">A file cannot be read or is something else, or there are no published values for such a head.</exception>
    public static CheckpointCheck Of(string checkpoint, string pixels)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(pixels);
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var image = Pixels(pixels);
        var names = ViltNames.Table.Translate(WeightFile.Open(checkpoint)).Tensors;
        var values = names.ContainsKey("vqa_classifier.0.weight") ? Answers(checkpoint, image)
            : names.ContainsKey("nlvr2_classifier.0.weight") ? Statements(checkpoint, image)
            : names.ContainsKey("mlm_score.decoder.weight") ? Words(checkpoint, image)
            : throw new DasSearchException($"checkpoint {checkpoint} has none of the heads vqa_classifier, nlvr2_classifier and mlm_score, whose values are published");
        return new CheckpointCheck(Path.GetFullPath(checkpoint), values);
    }

    private static List<CheckedValue> Answers(string checkpoint, Tensor image)
    {
        using var vilt = new Loaded(checkpoint, image, images: 1);
        var logits = vilt.Classify("vqa_classifier", [vilt.Input("How many cats are there?", image)]);
        return CheckedValue.Of("answer", [-15.9495, -18.1472, -10.3041], logits[0]);
    }

    private static List<CheckedValue> Statements(string checkpoint, Tensor image)
    {
        using var vilt = new Loaded(checkpoint, image, images: 2);
        var input = vilt.Input("The left image contains twice the number of dogs as the right image, and at least two dogs in total are standing.", image);
        var logits = vilt.Classify("nlvr2_classifier", [input, input with { ImageNumber = 2 }]);
        return CheckedValue.Of("class", [-2.8721, 2.1291], logits[0]);
    }

    private static List<CheckedValue> Words(string checkpoint, Tensor image)
    {
        int[] hidden = [4, 8];
        using var vilt = new Loaded(checkpoint, image, images: 1);
        var logits = vilt.Guess(vilt.Input("a bunch of cats laying on a cats.", image, hidden)); // [tokens, words]
        return
        [
            .. CheckedValue.Of("first token's word", [-12.5061, -12.5123, -12.5174], logits[0]),
            new CheckedValue("first hidden word", Cats, logits[hidden[0]].argmax().item<long>(), Tolerance: 0),
        ];
    }

    private static Tensor Pixels(string path)
    {
        var found = CheckpointFile.Read(path).Tensors;
        var image = found.Count == 1 ? found.Values.First() : throw new DasSearchException($"{path} has {found.Count} tensors, expected the image's alone");
        return image.shape is [1, 3, > 0, > 0] && image.is_floating_point()
            ? image.to(ScalarType.Float32)
            : throw new DasSearchException($"{path} has an array of shape [{string.Join(", ", image.shape)}] of type {image.dtype}, expected floating [1, 3, height, width], as ViLT's processor gives it");
    }

    /// <summary>A ViLT of a checkpoint, with what else was there.</summary>
    private sealed class Loaded : IDisposable
    {
        private const int Tokens = 40;

        private readonly string _checkpoint;
        private readonly ITokenizer _tokenizer = TokenizerTable.Named("minilm")!; // BERT's in lower case, as ViLT's is
        private readonly LoadedBackbone _loaded;

        internal Loaded(string checkpoint, Tensor image, int images)
        {
            _checkpoint = checkpoint;
            _loaded = BackboneTable.BuiltIn.Named("vilt").Load(new BackboneRequest
            {
                Input = new InputShape(_tokenizer.Count, Tokens, (int)image.size(2), (int)image.size(3), images),
                Checkpoint = Path.GetFullPath(checkpoint),
            });
            _loaded.Backbone.Network.eval();
        }

        internal BackboneInput Input(string text, Tensor image, params ReadOnlySpan<int> hidden)
        {
            var ids = new long[Tokens];
            var used = _tokenizer.Encode(text, ids);
            foreach (var place in hidden)
            {
                ids[place] = _tokenizer.Mask;
            }

            return new BackboneInput(tensor(ids).unsqueeze(0), (arange(Tokens) < used).unsqueeze(0), image);
        }

        internal Tensor Classify(string name, IEnumerable<BackboneInput> passes)
        {
            var summaries = cat([.. passes.Select(input => Run(input, FeatureKind.Summary).Summary!)], 1);
            using var head = new ClassifierHead(Size(name, "0.weight", 1), Size(name, "0.weight", 0), Size(name, "3.weight", 0));
            Fill(head, name);
            return head.call(summaries);
        }

        internal Tensor Guess(BackboneInput input)
        {
            using var head = new MaskedLanguageHead(Size("mlm_score", "decoder.weight", 1), Size("mlm_score", "decoder.weight", 0));
            Fill(head, "mlm_score");
            return head.call(Run(input, FeatureKind.Tokens).Streams[0][0]);
        }

        public void Dispose() => _loaded.Backbone.Dispose();

        private Features Run(BackboneInput input, FeatureKind wanted) =>
            _loaded.Backbone.Run(input, Subnetwork.Whole(_loaded.Backbone.Description.Modules.Count), Attachments.None, wanted);

        private void Fill(nn.Module head, string name)
        {
            head.eval();
            foreach (var (own, parameter) in head.named_parameters())
            {
                var saved = Saved(name, own);
                if (!saved.shape.SequenceEqual(parameter.shape))
                {
                    throw new DasSearchException(
                        $"checkpoint {_checkpoint} has {name}.{own} of shape [{string.Join(", ", saved.shape)}], expected [{string.Join(", ", parameter.shape)}]");
                }

                CheckpointFile.CopyWeights($"checkpoint {_checkpoint}", $"{name}.{own}", saved, parameter);
            }
        }

        private long Size(string head, string name, int dimension) => Saved(head, name) is { shape: [> 0, > 0] } tensor
            ? tensor.size(dimension)
            : throw new DasSearchException($"checkpoint {_checkpoint} has {head}.{name} of shape [{string.Join(", ", Saved(head, name).shape)}], expected two dimensions");

        private Tensor Saved(string head, string name) => _loaded.Rest.GetValueOrDefault($"{head}.{name}")
            ?? throw new DasSearchException($"checkpoint {_checkpoint} lacks {head}.{name}");
    }
}

/// <summary>A published value, and what was found.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Tolerance">How far off it may be.</param>
public sealed record CheckedValue(string Name, double Published, double Found, double Tolerance)
{
    private const double Usual = 1e-4;

    /// <summary>Whether it is what was published.</summary>
    public bool IsRight => Math.Abs(Published - Found) <= Tolerance;

    internal static List<CheckedValue> Of(string name, IReadOnlyList<double> published, Tensor found) =>
        [.. published.Select((value, i) => new CheckedValue($"{name} {i}", value, i < found.size(0) ? found[i].item<float>() : double.NaN, Usual))];
}
