using TorchSharp.Modules;
using static TorchSharp.torch;
using Dropout = DasSearch.Models.Backbones.Dropout;

namespace DasSearch.Transfer;

/// <summary>LaVIN's adapters (arXiv:2305.15023) as DAS's code (arXiv:2309.01479) has them: two ways up, mixed by what a text's first token says.</summary>
/// <remarks>
/// A(n) = w₀ · B z + w₁ · D z, z = dropout(C n), w = softmax(E n₀ / 10), n₀ being the first token; B and D work in two groups and start at 0, so that fresh ones change
/// nothing. Before attention alone, inner width 8, in place of a skipped layer 32: 81,930 and 278,562 parameters of a width of 4096.
/// </remarks>
public sealed class LavinTransfer() : DecoderTransfer(new RoutedAdapter(), "LaVIN's adapters before attention, two ways mixed by a text's first token", 8);

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

    internal override nn.Module<Tensor, Tensor> Make(AdapterSpot spot, Device device) =>
        new Network(spot.Shape.Width, spot.Size, startsAtZero: Type == LavinText, device);

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

/// <summary>One way down, and two ways up between which a text's first token decides.</summary>
internal sealed class RoutedAdapter() : DecoderAdapter("lavin")
{
    private const double Temperature = 10;
    private const double Dropped = 0.1;

    internal override string Activation => "none";

    internal override bool MixesTokens => true;

    internal override AddedToModule Costs(AdapterSpot spot)
    {
        PiaLayers.Check(spot);
        long width = spot.Shape.Width, size = spot.Size;
        return new AddedToModule(
            (width * size) + size + (2 * ((width * size / 2) + width)) + (2 * width) + 2, (2 * spot.Shape.Tokens * width * size) + (2 * width));
    }

    internal override nn.Module<Tensor, Tensor> Make(AdapterSpot spot, Device device) => new Network(spot, device);

    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly Linear conv_A, expert_weights;
        private readonly GroupedLinear conv_B, conv_D;
        private readonly Dropout _dropout = new(Dropped);

        internal Network(AdapterSpot spot, Device device)
            : base(nameof(RoutedAdapter))
        {
            conv_A = PiaLayers.Inner(spot, device);
            conv_B = new GroupedLinear(spot.Size, spot.Shape.Width, device);
            conv_D = new GroupedLinear(spot.Size, spot.Shape.Width, device);
            expert_weights = nn.Linear(spot.Shape.Width, 2, device: device);
            nn.init.xavier_uniform_(expert_weights.weight!);
            nn.init.zeros_(expert_weights.bias!);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var inner = _dropout.call(conv_A.call(input));
            var weights = (expert_weights.call(input.narrow(1, 0, 1)) / Temperature).softmax(-1); // [batch, 1, 2]
            return ((conv_B.call(inner) * weights.narrow(2, 0, 1)) + (conv_D.call(inner) * weights.narrow(2, 1, 1))).MoveToOuterDisposeScope();
        }
    }
}
