using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Extensions.Tests;

/// <summary>LayerNorm tuning: norms are trained, and nothing is added.</summary>
internal sealed class NormTuning : ITransferMethod
{
    public string Name => "layer-norm";

    public string Summary => "the norms";

    public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings) => AddedCosts.Nothing(backbone);

    public Attached Attach(AttachRequest request) => new();

    public bool Trains(BackboneDescription backbone, TransferSettings settings, string parameter) => backbone.IsAlwaysTrained(parameter)
        || backbone.Projections.Any(place => place.Role == ProjectionRole.Norm && parameter.StartsWith(place.Name + ".", StringComparison.Ordinal));
}

/// <summary>Around every Linear within a module: scale · y + shift, which merges into the Linear (SSF, arXiv:2210.08823).</summary>
internal sealed class ScaleShift : ITransferMethod
{
    public string Name => "scale-shift";

    public string Summary => "a scale and a shift after each Linear";

    public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings) => AddedCosts.Of(
        backbone, Places(backbone), static place => new AddedToModule(2L * place.Out, (long)place.Tokens * place.Out));

    public Attached Attach(AttachRequest request)
    {
        var around = Places(request.Backbone.Description).ToDictionary(static place => place.Name, static place => new Around(place.Out));
        return new Attached
        {
            Attachments = new Attachments { Projections = around.ToDictionary(static entry => entry.Key, static entry => (Projection)entry.Value) },
            Parameters = around.SelectMany(static entry => entry.Value.named_parameters().Select(own => (Name: $"{entry.Key}.{own.name}", own.parameter)))
                .ToDictionary(static entry => entry.Name, static entry => entry.parameter),
            Module = new ModuleList<nn.Module>([.. around.Values]),
        };
    }

    private static IEnumerable<ProjectionPlace> Places(BackboneDescription backbone) =>
        backbone.Projections.Where(static place => place is { Role: ProjectionRole.AttentionOutput, Module: not null });

    private sealed class Around : Projection
    {
        private readonly Parameter scale;
        private readonly Parameter shift;

        internal Around(int width)
            : base(nameof(Around))
        {
            scale = new Parameter(1 + (0.1 * randn(width)));
            shift = new Parameter(0.1 * randn(width));
            RegisterComponents();
        }

        public override bool IsMergeable => true;

        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input) => (own(input) * scale) + shift;

        public override void Merge(nn.Module layer)
        {
            var linear = (Linear)layer;
            linear.weight!.mul_(scale.unsqueeze(1));
            linear.bias!.mul_(scale).add_(shift);
        }
    }
}

/// <summary>Two tokens of a text before each of its layers, gone after it (deep prompts, arXiv:2203.12119).</summary>
internal sealed class Prompts : ITransferMethod
{
    private const int Tokens = 2;

    public string Name => "prompts";

    public string Summary => "tokens of the text's stream";

    public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings) => new([.. backbone.Modules.Select(module =>
        module.Stream == "text" ? new AddedToModule(Tokens * (long)backbone.Shapes[module.Index].Width, 0) : default)]);

    public Attached Attach(AttachRequest request)
    {
        var backbone = request.Backbone.Description;
        var before = backbone.Modules.Where(static module => module.Stream == "text")
            .ToDictionary(static module => module.Name, module => new Before(backbone.Shapes[module.Index].Width));
        return new Attached
        {
            Attachments = new Attachments { Sequences = before.ToDictionary(static entry => entry.Key, static entry => (TokenSequence)entry.Value) },
            Parameters = before.ToDictionary(static entry => entry.Key + ".prompt", static entry => entry.Value.prompt),
            Module = new ModuleList<nn.Module>([.. before.Values]),
        };
    }

    private sealed class Before : TokenSequence
    {
        internal readonly Parameter prompt;

        internal Before(int width)
            : base(nameof(Before))
        {
            prompt = new Parameter(randn(Tokens, width));
            RegisterComponents();
        }

        public override HiddenState Extend(HiddenState state) => state.Append(0, prompt);
    }
}
