using TorchSharp.Modules;
using static TorchSharp.torch;
using Dropout = DasSearch.Models.Backbones.Dropout;

namespace DasSearch.Transfer;

/// <summary>The adapters of LaVIN's code for texts alone, as DAS's has them: A(n) = W_up ReLU(W_down n + b) + b' before attention.</summary>
/// <remarks>The way up starts at 0. Inner width 8, in place of a skipped layer 32: 69,640 and 266,272 parameters of a width of 4096.</remarks>
public sealed class LavinTextTransfer() : DecoderTransfer(new PlainAdapter(PlainAdapter.LavinText), "LaVIN's adapters of texts alone, before attention", 8);

/// <summary>The adapters of DAS's code for LLaVA: A(n) = W_up ReLU(W_down n + b) + b' before attention and before the feed-forward part.</summary>
/// <remarks>
/// Both matrices start from Xavier's distribution, so that a fresh one disturbs the backbone. Inner width 64, in place of a skipped layer 256: 2 · 528,448 and
/// 2,101,504 parameters of a width of 4096.
/// </remarks>
public sealed class LlavaTransfer() : DecoderTransfer(new PlainAdapter(PlainAdapter.Llava), "the adapters of DAS for LLaVA, before attention and feed-forward part", 64);

/// <summary>Two matrices with a ReLU between.</summary>
internal sealed class PlainAdapter(string type) : DecoderAdapter(type)
{
    internal const string LavinText = "lavin-text";
    internal const string Llava = "llava";

    internal override string Activation => "relu";

    internal override bool IsBeforeFeedForward => Type == Llava;

    internal override bool AddsNorm => Type == Llava;

    internal override AddedToModule Costs(AdapterSpot spot)
    {
        long width = spot.Shape.Width, size = spot.Size;
        return new AddedToModule((2 * width * size) + size + width, 2 * spot.Shape.Tokens * width * size);
    }

    internal override DecoderPiece Make(AdapterSpot spot, AttachRequest request) =>
        new(new Network(spot.Shape.Width, spot.Size, startsAtZero: Type == LavinText, request.Device));

    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly Linear adapter_down, adapter_up;

        internal Network(long width, long size, bool startsAtZero, Device device)
            : base(nameof(PlainAdapter))
        {
            adapter_down = nn.Linear(width, size, device: device);
            adapter_up = nn.Linear(size, width, device: device);
            nn.init.xavier_uniform_(adapter_down.weight!);
            _ = startsAtZero ? nn.init.zeros_(adapter_up.weight!) : nn.init.xavier_uniform_(adapter_up.weight!);
            nn.init.zeros_(adapter_down.bias!);
            nn.init.zeros_(adapter_up.bias!);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return adapter_up.call(adapter_down.call(input).relu()).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>One way down, and two ways up between which a text's first token decides, or the mean of all others.</summary>
internal sealed class RoutedAdapter(string type) : DecoderAdapter(type)
{
    internal const string Lavin = "lavin";

    private const double Dropped = 0.1;

    internal override string Activation => "none";

    internal override bool MixesTokens => true;

    internal override AddedToModule Costs(AdapterSpot spot)
    {
        PiaLayers.Check(spot);
        return Costs(spot.Shape.Tokens, spot.Shape.Width, spot.Size);
    }

    /// <summary>What one costs wherever it stands.</summary>
    internal static AddedToModule Costs(long tokens, long width, long size) => new(
        (width * size) + size + (2 * ((width * size / 2) + width)) + (2 * width) + 2, (2 * tokens * width * size) + (2 * width));

    internal override DecoderPiece Make(AdapterSpot spot, AttachRequest request)
    {
        var routed = Type != Lavin ? RoutedBy.MeanOfRest : request.Settings.Get(LavinTransfer.Modality) ? RoutedBy.Last : RoutedBy.First;
        PiaLayers.Check(spot);
        return new DecoderPiece(new Network(spot.Shape.Width, spot.Size, routed, request.Device));
    }

    internal sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly Linear conv_A, expert_weights;
        private readonly GroupedLinear conv_B, conv_D;
        private readonly Dropout _dropout = new(Dropped);
        private readonly RoutedBy _routed;

        internal Network(int width, int size, RoutedBy routed, Device device)
            : base(nameof(RoutedAdapter))
        {
            _routed = routed;
            conv_A = PiaLayers.Inner(width, size, device);
            conv_B = new GroupedLinear(size, width, device);
            conv_D = new GroupedLinear(size, width, device);
            expert_weights = TwoWays.Router(width, device);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return TwoWays.Up(conv_B, conv_D, _dropout.call(conv_A.call(input)), Weights(input)).MoveToOuterDisposeScope();
        }

        /// <summary>What it and the residual make of any token of a text; exact where its weights go by means, and so are the same for all tokens that follow.</summary>
        /// <param name="read">What it reads of the text: [1, tokens, width].</param>
        internal AffineMap Fold(Tensor read)
        {
            using var scope = NewDisposeScope();
            var (up, shift) = TwoWays.Fold(conv_B, conv_D, Weights(read));
            return new AffineMap(up.MoveToOuterDisposeScope(), conv_A.weight!.alias().MoveToOuterDisposeScope(), (up.mv(conv_A.bias!) + shift).MoveToOuterDisposeScope());
        }

        private Tensor Weights(Tensor read) => TwoWays.Weights(expert_weights, _routed switch
        {
            RoutedBy.First => read.narrow(1, 0, 1),
            RoutedBy.Last => read.narrow(1, read.size(1) - 1, 1),
            _ => TwoWays.MeanOfRest(read),
        });
    }
}

/// <summary>What decides between two ways.</summary>
internal enum RoutedBy
{
    /// <summary>A text's first token.</summary>
    First,

    /// <summary>The token that stands behind all others.</summary>
    Last,

    /// <summary>The mean of all but the first.</summary>
    MeanOfRest,
}

/// <summary>Two ways up and what weighs them.</summary>
internal static class TwoWays
{
    private const double Temperature = 10;

    /// <summary>What weighs them, with fresh weights.</summary>
    internal static Linear Router(long width, Device device)
    {
        var router = nn.Linear(width, 2, device: device);
        nn.init.xavier_uniform_(router.weight!);
        nn.init.zeros_(router.bias!);
        return router;
    }

    /// <summary>The weight of each: [batch, 1, width] to [batch, 1, 2].</summary>
    internal static Tensor Weights(Linear router, Tensor read) => (router.call(read) / Temperature).softmax(-1);

    /// <summary>The mean of all tokens but the first; of one token alone, that one: [batch, tokens, width] to [batch, 1, width].</summary>
    internal static Tensor MeanOfRest(Tensor read) => read.size(1) == 1 ? read : read.narrow(1, 1, read.size(1) - 1).mean([1L], keepdim: true);

    /// <summary>[batch, tokens, inner width] to [batch, tokens, width].</summary>
    internal static Tensor Up(GroupedLinear first, GroupedLinear second, Tensor inner, Tensor weights) =>
        (first.call(inner) * weights.narrow(2, 0, 1)) + (second.call(inner) * weights.narrow(2, 1, 1));

    /// <summary>Both as one, for a text whose weights are known: its matrix [width, inner width], and what it adds [width].</summary>
    internal static (Tensor Up, Tensor Shift) Fold(GroupedLinear first, GroupedLinear second, Tensor weights)
    {
        var (one, two) = (weights.flatten()[0], weights.flatten()[1]);
        return ((first.Whole * one) + (second.Whole * two), (first.Bias * one) + (second.Bias * two));
    }
}

/// <summary>x + Up (Down x) + shift, [*, width] to the same.</summary>
/// <param name="Up">[width, inner width].</param>
/// <param name="Down">[inner width, width].</param>
/// <param name="Shift">[width].</param>
internal sealed record AffineMap(Tensor Up, Tensor Down, Tensor Shift)
{
    /// <summary>What is added to x.</summary>
    internal Tensor Change(Tensor x) => x.matmul(Down.t()).matmul(Up.t()) + Shift;

    /// <summary>The same with each tensor mapped.</summary>
    internal AffineMap Map(Func<Tensor, Tensor> map) => new(map(Up), map(Down), map(Shift));
}
