using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>LaVIN's adapters (arXiv:2305.15023) as DAS's code (arXiv:2309.01479) has them: two ways up, mixed by what a text's first token says.</summary>
/// <remarks>
/// A(n) = w₀ · B z + w₁ · D z, z = dropout(C n), w = softmax(E n₀ / 10), n₀ being the first token; B and D work in two groups and start at 0, so that fresh ones change
/// nothing. Before attention alone, inner width 8, in place of a skipped layer 32: 81,930 and 278,562 parameters of a width of 4096. In LaVIN a token for the modality comes
/// first, which sees itself alone and which no other token sees, so that all it does is to weigh; <c>method.modality</c> has it, from the row for texts of two, 2 · width parameters.
/// (Here it stands behind the text, where it is the same: nobody sees it, and a rotary position alone tells nothing.) Without it the text's own first token weighs.
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
        return !settings.Get(Modality) ? base.Costs(backbone, settings) : new AddedCosts(
            [.. CostsOf(backbone, Placed(backbone, settings), settings, moreTokens: 1).Zip(
                backbone.Modules, (costs, module) => costs with { MultiplyAccumulates = costs.MultiplyAccumulates + PromptShallowTransfer.Of(backbone, module.Index, tokens: 1) })],
            Modalities * backbone.Shapes[0].Width,
            StayingTokens: 1);
    }

    /// <inheritdoc/>
    public override Attached Attach(AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var attached = base.Attach(request);
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

    /// <summary>The token for the modality of texts.</summary>
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
            var extended = state.Append(0, weight.narrow(0, 0, 1));
            var unseen = state.KeyBiases[0].narrow(3, 0, 1).full_like(double.NegativeInfinity); // [batch, 1, 1, 1]
            Tensor[] biases = [cat([state.KeyBiases[0], unseen], 3).MoveToOuterDisposeScope(), .. state.KeyBiases.Skip(1)];
            return new HiddenState([extended.Streams[0].MoveToOuterDisposeScope(), .. state.Streams.Skip(1)], biases);
        }
    }
}
