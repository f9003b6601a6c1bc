using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

#pragma warning disable IDE1006 // Fields carry the names of the stored weights.
namespace TorchSharp.Tests.Training;

/// <summary>Pre-norm encoder over token ids, mean over tokens, class scores: the twin of make_training.py, field names included.</summary>
internal sealed class SmallTransformer : Module<Tensor, Tensor>
{
    private const long Width = 16;
    private readonly Embedding embedding = Embedding(20, Width);
    private readonly Parameter positions = Parameter(zeros(6, Width));
    private readonly ModuleList<EncoderBlock> blocks = ModuleList(new EncoderBlock(Width, 2), new EncoderBlock(Width, 2));
    private readonly Parameter final_weight = Parameter(ones(Width));
    private readonly Parameter final_bias = Parameter(zeros(Width));
    private readonly Linear head = Linear(Width, 3);

    public SmallTransformer()
        : base(nameof(SmallTransformer)) => RegisterComponents();

    /// <summary>[batch, tokens] to [batch, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = embedding.call(input) + positions; // [batch, tokens, width]
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        var normed = functional.layer_norm(x, [Width], final_weight, final_bias);
        return head.call(normed.mean([1])).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention and a GELU MLP, each behind a layer norm and beside a residual.</summary>
internal sealed class EncoderBlock : Module<Tensor, Tensor>
{
    private readonly long heads;
    private readonly long width;
    private readonly Parameter norm1_weight;
    private readonly Parameter norm1_bias;
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Linear output;
    private readonly Parameter norm2_weight;
    private readonly Parameter norm2_bias;
    private readonly Linear up;
    private readonly Linear down;

    public EncoderBlock(long width, long heads)
        : base(nameof(EncoderBlock))
    {
        (this.width, this.heads) = (width, heads);
        (norm1_weight, norm1_bias) = (Parameter(ones(width)), Parameter(zeros(width)));
        (query, key, value, output) = (Linear(width, width), Linear(width, width), Linear(width, width), Linear(width, width));
        (norm2_weight, norm2_bias) = (Parameter(ones(width)), Parameter(zeros(width)));
        (up, down) = (Linear(width, 4 * width), Linear(4 * width, width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var y = functional.layer_norm(input, [width], norm1_weight, norm1_bias);
        var (q, k, v) = (Heads(query.call(y)), Heads(key.call(y)), Heads(value.call(y))); // [batch, heads, tokens, width / heads]
        var mixed = q.matmul(k.transpose(-2, -1)).div(Math.Sqrt(width / heads)).softmax(-1).matmul(v);
        var x = input + output.call(mixed.transpose(1, 2).reshape(input.shape));
        var inner = up.call(functional.layer_norm(x, [width], norm2_weight, norm2_bias));
        return (x + down.call(functional.gelu(inner))).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], heads, width / heads).transpose(1, 2);
}
