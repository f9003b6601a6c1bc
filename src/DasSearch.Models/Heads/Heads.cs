using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Heads;

/// <summary>Linear, LayerNorm, GELU, Linear: summaries [batch, in] to logits [batch, classes].</summary>
/// <remarks>ViLT's head for VQA and NLVR2; its layers are named 0, 1 and 3, as in the official checkpoints.</remarks>
public sealed class ClassifierHead : nn.Module<Tensor, Tensor>
{
    private const double Deviation = 0.02;

    private readonly Sequential _layers;

    /// <param name="inWidth">Width of a summary; of two of them, joined, for NLVR2.</param>
    /// <param name="hiddenWidth">Width in between; twice the backbone's, in ViLT.</param>
    /// <param name="classes">Number of answers.</param>
    /// <param name="prior">How likely each answer is taken to be at first, above 0 and below 1; null for 0.5.</param>
    public ClassifierHead(long inWidth, long hiddenWidth, long classes, Device? device = null, double? prior = null)
        : base(nameof(ClassifierHead))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        var first = nn.Linear(inWidth, hiddenWidth, device: device);
        var last = nn.Linear(hiddenWidth, classes, device: device);
        foreach (var layer in new[] { first, last })
        {
            nn.init.normal_(layer.weight, std: Deviation);
            nn.init.zeros_(layer.bias!);
        }

        if (prior is { } chance)
        {
            nn.init.constant_(last.bias!, Math.Log(chance / (1 - chance)));
        }

        _layers = nn.Sequential(
            ("0", first), ("1", nn.LayerNorm(hiddenWidth, device: device)), ("2", nn.GELU()), ("3", last));
        foreach (var (name, layer) in _layers.named_children())
        {
            register_module(name, layer);
        }
    }

    public override Tensor forward(Tensor input) => _layers.call(input);
}

/// <summary>Does the text, or a word, belong to the image? Summaries or tokens [*, width] to logits [*, 2]; 1 stands for "yes".</summary>
/// <remarks>ViLT's image-text matching head, named itm_score in the official checkpoints.</remarks>
public sealed class MatchingHead : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc;

    /// <param name="width">Width of a summary, or of a token.</param>
    public MatchingHead(long width, Device? device = null)
        : base(nameof(MatchingHead))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        fc = nn.Linear(width, 2, device: device);
        nn.init.normal_(fc.weight, std: 0.02);
        nn.init.zeros_(fc.bias!);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => fc.call(input);
}

/// <summary>Which word was hidden? Tokens [*, width] to logits [*, vocabulary].</summary>
/// <remarks>BERT's head, named mlm_score in the official checkpoints: dense, GELU, norm, then a decoder and its bias.</remarks>
public sealed class MaskedLanguageHead : nn.Module<Tensor, Tensor>
{
    private readonly Transform transform;
    private readonly Linear decoder;
    private readonly Parameter bias;

    /// <param name="width">Width of a token's vector.</param>
    /// <param name="vocabulary">Number of words.</param>
    public MaskedLanguageHead(long width, long vocabulary, Device? device = null)
        : base(nameof(MaskedLanguageHead))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabulary);
        transform = new Transform(width, device);
        decoder = nn.Linear(width, vocabulary, hasBias: false, device: device);
        nn.init.normal_(decoder.weight, std: 0.02);
        bias = new Parameter(zeros(vocabulary, device: device));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (decoder.call(transform.call(input)) + bias).MoveToOuterDisposeScope();
    }

    private sealed class Transform : nn.Module<Tensor, Tensor>
    {
        private const double Eps = 1e-12;

        private readonly Linear dense;
        private readonly LayerNorm LayerNorm;

        internal Transform(long width, Device? device)
            : base(nameof(Transform))
        {
            dense = nn.Linear(width, width, device: device);
            nn.init.normal_(dense.weight, std: 0.02);
            nn.init.zeros_(dense.bias!);
            LayerNorm = nn.LayerNorm(width, Eps, device: device);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return LayerNorm.call(dense.call(input).gelu()).MoveToOuterDisposeScope();
        }
    }
}
