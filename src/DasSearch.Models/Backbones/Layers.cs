using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>What the layers of all backbones have in common: attention by the faster way, and Linears of either precision.</summary>
/// <remarks>
/// A frozen Linear may be stored in bfloat16 (see <see cref="FrozenWeights"/>). Its result is of that type, and whoever leaves the frozen part
/// goes back to the type in which it was entered; norms and softmax are float32.
/// </remarks>
internal static class Layers
{
    // On two cores of an AMD EPYC, libtorch 2.10: float32 [8, 12, 241, 64] takes 9.5 ms fused against 16.2 ms by three operations, and
    // with 41 tokens there is no gain; in bfloat16 the fused one is four to five times slower (48 against 9.8 ms).
    private const long FewestFusedKeys = 128;

    /// <summary>softmax(q kᵀ / √width + bias) v, by whichever way is faster for shape and type.</summary>
    /// <param name="queries">[batch, heads, queries, width].</param>
    /// <param name="keys">[batch, heads, tokens, width].</param>
    /// <param name="values">[batch, heads, tokens, width].</param>
    /// <param name="keyBias">[batch, 1, 1, tokens], or [batch, 1, queries, tokens] where not all see the same.</param>
    /// <param name="seen">Told the weights of values, [batch, heads, queries, tokens]; null where nobody wants to know, since the fused way does not tell.</param>
    /// <param name="dropout">On these weights; null for none.</param>
    /// <returns>[batch, heads, queries, width].</returns>
    internal static Tensor Attend(
        Tensor queries, Tensor keys, Tensor values, Tensor keyBias, Action<Tensor>? seen = null, Dropout? dropout = null) =>
        seen is null && dropout is null && IsFusedFaster(queries, keys)
            ? Fused(queries, keys, values, keyBias)
            : Plain(queries, keys, values, keyBias, seen, dropout);

    /// <summary>The rule: large, and float32.</summary>
    internal static bool IsFusedFaster(Tensor queries, Tensor keys) =>
        queries.size(2) == keys.size(2) && keys.size(2) >= FewestFusedKeys && queries.dtype == ScalarType.Float32;

    internal static Tensor Fused(Tensor queries, Tensor keys, Tensor values, Tensor keyBias) =>
        nn.functional.scaled_dot_product_attention(queries, keys, values, keyBias.expand(-1, -1, queries.size(2), -1));

    internal static Tensor Plain(Tensor queries, Tensor keys, Tensor values, Tensor keyBias, Action<Tensor>? seen = null, Dropout? dropout = null)
    {
        using var scope = NewDisposeScope();
        var scale = Math.Pow(queries.size(3), -0.5);
        var scores = To(queries * scale, queries.dtype).matmul(keys.transpose(-2, -1)) + keyBias; // [batch, heads, queries, tokens]
        var weights = scores.softmax(-1);
        seen?.Invoke(weights);
        var used = dropout is null ? weights : dropout.call(weights);
        return To(used, values.dtype).matmul(values).MoveToOuterDisposeScope();
    }

    /// <summary>[batch, tokens] to [batch, 1, 1, tokens]: 0, or −∞ at padding.</summary>
    internal static Tensor KeyBias(Tensor mask, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return zeros_like(mask, type).masked_fill(mask.logical_not(), double.NegativeInfinity).unsqueeze(1).unsqueeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>Of a text from its beginning on: every token sees itself and those before it, as far as they are there; [batch, 1, tokens, tokens].</summary>
    /// <param name="keyBias">[batch, 1, 1, tokens], of the text and of what a method adds behind it.</param>
    /// <param name="text">Tokens of the text. The others have no place in it: all see them, and they see each other.</param>
    internal static Tensor CausalBias(Tensor keyBias, long text)
    {
        using var scope = NewDisposeScope();
        var (all, device) = (keyBias.size(3), keyBias.device);
        var hidden = full([all, all], double.NegativeInfinity, keyBias.dtype, device).triu(1); // [tokens, tokens]
        if (all > text)
        {
            hidden = cat([hidden.narrow(1, 0, text), zeros(all, all - text, keyBias.dtype, device)], 1);
            hidden.narrow(0, text, all - text).narrow(1, 0, text).fill_(double.NegativeInfinity);
        }

        var bias = keyBias + hidden;
        if (all > text)
        {
            // One that nobody else is to see still sees itself.
            bias.narrow(2, text, all - text).narrow(3, text, all - text).diagonal(0, 2, 3).fill_(0);
        }

        return bias.MoveToOuterDisposeScope();
    }

    /// <summary>What the last token that is there has come to: [batch, tokens, width] to [batch, width].</summary>
    /// <param name="keyBias">[batch, 1, 1, tokens].</param>
    internal static Tensor Last(Tensor x, Tensor keyBias)
    {
        using var scope = NewDisposeScope();
        var last = keyBias.flatten(1).eq(0).sum([1L]) - 1; // [batch]
        return x.gather(1, last.reshape(-1, 1, 1).expand(-1, 1, x.size(2))).squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>A Linear with fresh weights, or two of a low rank in its place.</summary>
    /// <param name="rank">The rank; null for one of full rank.</param>
    internal static nn.Module<Tensor, Tensor> Linear(long width, long result, int? rank, Device device) => rank is { } low
        ? new LowRankLinear(width, result, low, device)
        : nn.Linear(width, result, device: device);

    /// <summary>W x + b, in the type of W.</summary>
    internal static Tensor Apply(nn.Module<Tensor, Tensor> layer, Tensor input) => layer switch
    {
        Linear linear when linear.weight!.dtype == input.dtype => linear.call(input),
        Linear linear => nn.functional.linear(input.to(linear.weight!.dtype), linear.weight, linear.bias),
        _ => layer.call(input),
    };

    /// <summary>The same with some rows of W and b alone.</summary>
    internal static Tensor ApplyRows(nn.Module<Tensor, Tensor> layer, Tensor input, long from, long count) => layer switch
    {
        Linear linear => nn.functional.linear(
            To(input, linear.weight!.dtype), linear.weight.narrow(0, from, count), linear.bias?.narrow(0, from, count)),
        LowRankLinear pair => pair.Rows(input, from, count),
        _ => layer.call(input).narrow(-1, from, count),
    };

    /// <summary>The tensor in a type; itself where it is of it.</summary>
    internal static Tensor To(Tensor tensor, ScalarType type) => tensor.dtype == type ? tensor : tensor.to(type);
}

/// <summary>Biases of Linears, convolutions and norms, for what is merged into them.</summary>
public static class LayerBias
{
    /// <summary>The layer's bias, [out]; one of zeros, which it gets, where it has none.</summary>
    /// <exception cref="NotSupportedException">It is another kind of layer.</exception>
    public static Parameter Of(nn.Module layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer switch
        {
            Linear linear => linear.bias ??= Fresh(linear.weight!),
            Conv2d convolution => convolution.bias ??= Fresh(convolution.weight!),
            LayerNorm norm => norm.bias!,
            RmsNorm norm => norm.Bias ??= Fresh(norm.Weight),
            _ => throw new NotSupportedException($"{layer.GetName()} has no bias."),
        };

        static Parameter Fresh(Tensor weight) =>
            (Parameter)new Parameter(zeros([weight.size(0)], weight.dtype, weight.device), requires_grad: false).DetachFromDisposeScope();
    }
}

/// <summary>Frozen weights in a smaller type.</summary>
public static class FrozenWeights
{
    /// <summary>Stores every Linear none of whose parameters is trained in another type; all else stays as it is.</summary>
    public static void Store(nn.Module network, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(network);
        foreach (var linear in network.modules().OfType<Linear>().Where(static linear => linear.parameters().All(static own => !own.requires_grad)))
        {
            linear.to(type);
        }
    }
}
