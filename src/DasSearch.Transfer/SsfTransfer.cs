using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>SSF (Lian et al., arXiv:2210.08823): a scale and a shift of every channel after each operation, which merge into it.</summary>
/// <remarks>
/// y = γ ⊙ f(x) + β after every Linear and norm of modules, the last norm and the patches' projection; γ starts from N(1, 0.02²), β from
/// N(0, 0.02²). As in the papers' tables, which count those of a plain ViT-B: 74 places, 205,824 parameters; a scale with its shift
/// counts as one multiply-accumulate.
/// </remarks>
public sealed class SsfTransfer : ITransferMethod
{
    /// <inheritdoc/>
    public string Name => "ssf";

    /// <inheritdoc/>
    public string Summary => "a scale and a shift of every channel after each operation";

    /// <inheritdoc/>
    public bool Merges(TransferSettings settings) => true;

    /// <inheritdoc/>
    public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings) =>
        AddedCosts.Of(backbone, Places(backbone, settings), static place => new AddedToModule(2L * place.Out, (long)place.Tokens * place.Out));

    /// <inheritdoc/>
    public Attached Attach(AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var around = Places(request.Backbone.Description, request.Settings)
            .ToDictionary(static place => place.Name, place => new ScaleShift(place.Out, request.Device), StringComparer.Ordinal);
        return new Attached
        {
            Attachments = new Attachments
            {
                Projections = around.ToDictionary(static entry => entry.Key, static entry => (Projection)entry.Value, StringComparer.Ordinal),
            },
            Parameters = around
                .SelectMany(static entry => entry.Value.named_parameters().Select(own => KeyValuePair.Create($"{entry.Key}.{own.name}", own.parameter)))
                .ToDictionary(StringComparer.Ordinal),
            Module = new ModuleList<nn.Module>([.. around.Values]),
        };
    }

    private static IEnumerable<ProjectionPlace> Places(BackboneDescription backbone, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(settings);
        return backbone.Projections.Where(
            place => place.Role is not (ProjectionRole.EmbeddingNorm or ProjectionRole.Pooler) && settings.Has(place.Module));
    }

    private sealed class ScaleShift : Projection
    {
        private const double Deviation = 0.02;

        private readonly Parameter ssf_scale, ssf_shift; // [width]

        internal ScaleShift(long width, Device device)
            : base(nameof(ScaleShift))
        {
            ssf_scale = new Parameter(empty(width, device: device));
            ssf_shift = new Parameter(empty(width, device: device));
            nn.init.normal_(ssf_scale, mean: 1, std: Deviation);
            nn.init.normal_(ssf_shift, std: Deviation);
            RegisterComponents();
        }

        /// <inheritdoc/>
        public override bool IsMergeable => true;

        /// <inheritdoc/>
        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
        {
            using var scope = NewDisposeScope();
            var output = own(input);
            return ((output * ssf_scale) + ssf_shift).to(output.dtype).MoveToOuterDisposeScope();
        }

        /// <inheritdoc/>
        public override void Merge(nn.Module layer)
        {
            var bias = LayerBias.Of(layer);
            var weight = layer switch
            {
                Linear linear => linear.weight!,
                Conv2d convolution => convolution.weight!,
                LayerNorm norm => norm.weight!,
                RmsNorm norm => norm.Weight,
                _ => throw new NotSupportedException($"No scale and shift can be merged into {layer.GetName()}."),
            };
            weight.mul_(ssf_scale.reshape([-1, .. Enumerable.Repeat(1L, (int)weight.dim() - 1)]));
            bias.mul_(ssf_scale).add_(ssf_shift);
        }
    }
}
