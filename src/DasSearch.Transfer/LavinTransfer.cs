using DasSearch.Core;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>LaVIN's adapters (arXiv:2305.15023) as DAS's code (arXiv:2309.01479) has them: two ways up, mixed by what a text's first token says.</summary>
/// <remarks>
/// A(n) = w₀ · B z + w₁ · D z, z = dropout(C n), w = softmax(E n₀ / 10), n₀ being the first token; B and D work in two groups and start at 0, so that fresh ones change
/// nothing. Before attention alone, inner width 8, in place of a skipped layer 32: 81,930 and 278,562 parameters of a width of 4096. In LaVIN a token for the modality comes
/// first, which sees itself alone and which no other token sees, so that all it does is to weigh; <c>method.modality</c> has it, from the row for texts, or that for texts with images, 2 · width parameters.
/// (Here it stands behind the text, where it is the same: nobody sees it, and a rotary position alone tells nothing.) Without it the text's own first token weighs.
/// Where a frozen image tower shows the decoder images, each of its blocks has one before attention, too, weighed by the class token: of 24 blocks of width 1024, 20,490 parameters each. (In the
/// authors' code, whose tower has its tokens first, the first image of a batch weighs for all.)
/// </remarks>
public sealed class LavinTransfer() : DecoderTransfer(new RoutedAdapter(RoutedAdapter.Lavin), "LaVIN's adapters before attention, two ways mixed by a text's first token", 8)
{
    private const int Modalities = 2;

    internal static MethodOption<bool> Modality { get; } = MethodOption.Flag("modality", false, "a trained token for the modality weighs the two ways, in place of the text's first");

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [.. base.Options, Modality];

    /// <inheritdoc/>
    public override AddedCosts Costs(BackboneDescription backbone, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(settings);
        var added = !settings.Get(Modality) ? base.Costs(backbone, settings) : new AddedCosts(
            [.. CostsOf(backbone, Placed(backbone, settings), settings, moreTokens: 1).Zip(
                backbone.Modules, (costs, module) => costs with { MultiplyAccumulates = costs.MultiplyAccumulates + PromptShallowTransfer.Of(backbone, module.Index, tokens: 1) })],
            Modalities * backbone.Shapes[0].Width,
            StayingTokens: 1);
        var ofImages = AddedToModule.Sum(backbone.EncoderNorms.Select(norm => RoutedAdapter.Costs(norm.Tokens, norm.In, SizeIn(norm, settings))));
        return added with
        {
            OutsideParameters = added.OutsideParameters + ofImages.Parameters,
            OutsideMultiplyAccumulates = added.OutsideMultiplyAccumulates + ofImages.MultiplyAccumulates,
        };
    }

    /// <inheritdoc/>
    public override Attached Attach(AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var attached = request.Backbone.Description.EncoderNorms.Aggregate(base.Attach(request), (before, norm) => With(before, norm, request));
        if (!request.Settings.Get(Modality))
        {
            return attached;
        }

        var backbone = request.Backbone.Description;
        var token = new ModalityToken(backbone.Shapes[0].Width, request.Device);
        return attached with
        {
            Attachments = attached.Attachments with { Sequences = new Dictionary<string, TokenSequence> { [backbone.Modules[0].Name] = token } },
            Parameters = attached.Parameters.Append(new("adapter_modality_embedding.weight", token.Rows)).ToDictionary(StringComparer.Ordinal),
            Module = attached.Module is { } adapters ? new ModuleList<nn.Module>(adapters, token) : token,
        };
    }

    // One behind a norm of the images' tower, whose class token weighs.
    private Attached With(Attached attached, ProjectionPlace norm, AttachRequest request)
    {
        var adapter = new RoutedAdapter.Network(norm.In, SizeIn(norm, request.Settings), RoutedBy.First, request.Device);
        var name = norm.Name[..(norm.Name.LastIndexOf('.') + 1)] + "adapter_attn.";
        return attached with
        {
            Attachments = attached.Attachments with
            {
                Projections = attached.Attachments.Projections.Append(new(norm.Name, new Around(adapter, isBehind: true, mixes: true))).ToDictionary(StringComparer.Ordinal),
            },
            Parameters = attached.Parameters.Concat(adapter.named_parameters().Select(own => KeyValuePair.Create(name + own.name, own.parameter))).ToDictionary(StringComparer.Ordinal),
            Module = attached.Module is { } others ? new ModuleList<nn.Module>(others, adapter) : adapter,
        };
    }

    private int SizeIn(ProjectionPlace norm, TransferSettings settings)
    {
        var size = settings.Get(Size!);
        return size % 2 == 0 && norm.In % 2 == 0 ? size : throw new DasSearchException($"{Type} at {norm.Name} works in two halves: its bottleneck and the width must be even, not {size} and {norm.In}");
    }

    /// <summary>The token for a text's modality.</summary>
    internal sealed class ModalityToken : TokenSequence
    {
        private readonly Parameter weight; // [modalities, width]

        internal ModalityToken(long width, Device device)
            : base(nameof(ModalityToken))
        {
            weight = new Parameter(nn.init.xavier_uniform_(empty(Modalities, width, device: device)));
            RegisterComponents();
        }

        public override bool Stays => true;

        internal Parameter Rows => weight;

        public override HiddenState Extend(HiddenState state)
        {
            using var scope = NewDisposeScope();
            var (x, bias) = (state.Streams[0], state.KeyBiases[0]);
            var unseen = bias.narrow(3, 0, 1).full_like(double.NegativeInfinity); // [batch, 1, 1, 1]

            // The second row for a text with an image, which the state tells where images are shown.
            var token = state.KeyBiases.Count > 2
                ? weight.index_select(0, state.KeyBiases[2].flatten().eq(0).to(ScalarType.Int64)).unsqueeze(1)
                : weight.narrow(0, 0, 1).unsqueeze(0).expand(x.size(0), -1, -1);
            Tensor[] biases = [cat([bias, unseen], 3).MoveToOuterDisposeScope(), .. state.KeyBiases.Skip(1)];
            return new HiddenState([cat([x, token], 1).MoveToOuterDisposeScope(), .. state.Streams.Skip(1)], biases);
        }
    }
}
