using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>The adapters of DAS's codes for decoders: what a sub-layer's norm gives becomes n + A(n) before the sub-layer reads it.</summary>
/// <remarks>Where a backbone's sub-layers begin with no norm, it is what they read that becomes so. A skipped module has <see cref="DecoderReplacement"/> in its place.</remarks>
/// <param name="adapter">What A is.</param>
/// <param name="size">Its inner width in the authors' code.</param>
public abstract class DecoderTransfer(DecoderAdapter adapter, string summary, int size) : PlacedTransfer(adapter.Type, summary)
{
    private readonly MethodOption<int> _bottleneck = MethodOption.Count("bottleneck", size, "inner width, even");

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_bottleneck];

    /// <inheritdoc/>
    public override MethodOption<int> Size => _bottleneck;

    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Site.Within(module).Where(site => adapter.IsBeforeFeedForward || site != Site.FeedForward).Select(site => new AdapterPlacement(
            module.Name, Placement.Sequential, site, Type, settings.Get(_bottleneck), adapter.Activation, "none", scale: 1));
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        var costs = adapter.Costs(spot);
        return costs with { MultiplyAccumulates = costs.MultiplyAccumulates * Places(spot).Count };
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var made = adapter.Make(spot, request).Network;
        var around = new Around(made, spot.SubLayer.Norm is not null, adapter.MixesTokens);
        return Piece.At(spot.SubLayer.Name, made, $"{spot.SubLayer.Name}.{Type}") with
        {
            Places = Places(spot).ToDictionary(static place => place, nn.Module (_) => around, StringComparer.Ordinal),
        };
    }

    private static List<string> Places(AdapterSpot spot) => spot.SubLayer.Norm is { } norm ? [norm] : [.. spot.Readers.Select(static reader => reader.Name)];

    internal sealed class Around : Projection
    {
        private readonly nn.Module<Tensor, Tensor> adapter;
        private readonly bool _isBehind, _mixes;

        internal Around(nn.Module<Tensor, Tensor> adapter, bool isBehind, bool mixes)
            : base(nameof(Around))
        {
            (this.adapter, _isBehind, _mixes) = (adapter, isBehind, mixes);
            RegisterComponents();
        }

        public override bool MixesTokens => _mixes;

        internal nn.Module<Tensor, Tensor> Adapter => adapter;

        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
        {
            using var scope = NewDisposeScope();
            var read = _isBehind ? own(input) : input;
            var changed = read + adapter.call(read);
            return (_isBehind ? changed : own(changed)).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>The same in place of a skipped module: x + A(n), n being what the module's first norm makes of x, or x where a backbone has no such norm.</summary>
/// <remarks>LLaVA's adapter has a residual of its own, so that n is added besides, as in the authors' code.</remarks>
/// <param name="adapter">What A is.</param>
public sealed class DecoderReplacement(DecoderAdapter adapter) : AdapterKind(adapter.Type)
{
    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return [new AdapterPlacement(module.Name, Placement.Replace, Site.Module, Type, DasPlacement.WidthInPlace(settings.Adapters), adapter.Activation, "none", scale: 1)];
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        return adapter.Costs(spot);
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var made = adapter.Make(spot, request).Network;
        return Piece.At(spot.Module.Name, made, $"{Type}_list.{spot.Module.Index}") with
        {
            Places = new Dictionary<string, nn.Module> { [spot.Module.Name] = new InPlace(made, adapter.AddsNorm, adapter.MixesTokens) },
        };
    }

    internal sealed class InPlace : Replacement
    {
        private readonly nn.Module<Tensor, Tensor> adapter;
        private readonly bool _addsNorm, _mixes;

        internal InPlace(nn.Module<Tensor, Tensor> adapter, bool addsNorm, bool mixes)
            : base(nameof(InPlace))
        {
            (this.adapter, _addsNorm, _mixes) = (adapter, addsNorm, mixes);
            RegisterComponents();
        }

        public override bool MixesTokens => _mixes;

        internal nn.Module<Tensor, Tensor> Adapter => adapter;

        public override Tensor forward(Tensor input) => Add(input, input);

        public override Tensor Normed(Tensor input, Func<Tensor, Tensor> norm)
        {
            using var scope = NewDisposeScope();
            return Add(input, norm(input)).MoveToOuterDisposeScope();
        }

        private Tensor Add(Tensor stream, Tensor read)
        {
            using var scope = NewDisposeScope();
            var changed = stream + adapter.call(read);
            return (_addsNorm ? changed + read : changed).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>The inner part of a decoder's adapter: [batch, tokens, width] to the same, without a residual.</summary>
/// <param name="type">What plans call it.</param>
public abstract class DecoderAdapter(string type)
{
    /// <summary>What plans call it.</summary>
    internal string Type => type;

    internal abstract string Activation { get; }

    /// <summary>Whether kept layers have one before the feed-forward part, too.</summary>
    internal virtual bool IsBeforeFeedForward => false;

    /// <summary>Whether what it reads is added in place of a skipped module.</summary>
    internal virtual bool AddsNorm => false;

    /// <summary>Whether what a token gets depends on other tokens.</summary>
    internal virtual bool MixesTokens => false;

    internal abstract AddedToModule Costs(AdapterSpot spot);

    /// <summary>One with fresh weights.</summary>
    internal abstract DecoderPiece Make(AdapterSpot spot, AttachRequest request);
}

/// <summary>The inner part of an adapter, made.</summary>
/// <remarks>A type of this room: what overrides name is looked at as soon as their class is, and tables of methods are made by commands that never load libtorch.</remarks>
internal sealed record DecoderPiece(nn.Module<Tensor, Tensor> Network);
