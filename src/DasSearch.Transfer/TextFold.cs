using DasSearch.Core;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>Adapters of a decoder that go by what a text begins with, once that is known: folded into its Linears, or at least the same for every token that follows.</summary>
/// <remarks>
/// Efficient Attention Skipping weighs its two ways, and shifts, by means over a text, LaVIN weighs by a text's first token; as in the authors' codes, both stay as
/// they are while the text is written on. Then each adapter is u = n + Up (Down n) + v for any token. Queries, keys and values of a kept attention become
/// W' = G + (G Up) Down, b' = G v with G = W; and so do w₁ and w₃ behind an attention in whose place EAS's PIA stands, with G = W ⊙ γ, γ being the weight of the norm that the
/// feed-forward part has lost. The code computes b' from W' in place of W, and writes over W; here the decoder stays as it is, and every text has a fold of its own.
/// With it a <see cref="GreedyWriter"/> keeps keys and values.
/// </remarks>
public sealed class TextFold : IDisposable
{
    private readonly List<Tensor> _owned;

    private TextFold(List<Tensor> owned, Attachments attachments) => (_owned, Attachments) = (owned, attachments);

    /// <summary>What is to be attached in place of what was, for this text and what follows it.</summary>
    public Attachments Attachments { get; }

    /// <summary>How many Linears have something folded into them.</summary>
    public int Linears { get; private init; }

    /// <summary>Reads a text, and folds for it.</summary>
    /// <param name="model">The decoder; it is put into evaluation mode, as is what is attached.</param>
    /// <param name="skipped">What is skipped.</param>
    /// <param name="attached">What is put on it; other things than these adapters stay as they are.</param>
    /// <param name="text">The text's tokens, at least one.</param>
    /// <exception cref="DasSearchException">Something else is around a Linear that is to be folded into.</exception>
    public static TextFold Of(Llama model, Subnetwork skipped, Attached attached, IReadOnlyList<long> text)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(attached);
        ArgumentNullException.ThrowIfNull(text);
        model.eval();
        attached.Module?.eval();
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var maps = Read(model, skipped, attached.Attachments, text);
        var folding = new Folding(model, skipped, attached.Attachments);
        foreach (var (place, map) in maps)
        {
            folding.Add(place, map);
        }

        return new TextFold(folding.Owned, folding.Result) { Linears = folding.Linears };
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(static tensor => tensor.Dispose());

    // What each adapter makes of a token of this text, by the place where it stands: all that it reads is there in one pass.
    private static SortedDictionary<string, AffineMap> Read(Llama model, Subnetwork skipped, Attachments attached, IReadOnlyList<long> text)
    {
        var maps = new SortedDictionary<string, AffineMap>(StringComparer.Ordinal);
        var projections = attached.Projections.ToDictionary(StringComparer.Ordinal);
        foreach (var (place, around) in attached.Projections)
        {
            if (around is DecoderTransfer.Around { Adapter: RoutedAdapter.Network network })
            {
                projections[place] = new Delegated((own, input) => around.Apply(_ => Noted(place, network.Fold, own(input)), input));
            }
        }

        var replacements = attached.Replacements.ToDictionary(StringComparer.Ordinal);
        foreach (var (module, replacement) in attached.Replacements)
        {
            Func<Tensor, AffineMap>? fold = replacement switch
            {
                EasAttention attention => attention.Fold,
                DecoderReplacement.InPlace { Adapter: RoutedAdapter.Network network } => network.Fold,
                _ => null,
            };
            if (fold is not null)
            {
                replacements[module] = new InPlace(
                    replacement.HandsOn,
                    (stream, norm) => replacement.Normed(stream, x => Noted(module, fold, norm(x))),
                    (stream, norm) => replacement.HandOn(stream, x => Noted(module, fold, norm(x))));
            }
        }

        var ids = tensor(text.ToArray(), device: model.named_parameters().First().parameter.device).unsqueeze(0);
        model.Run(new BackboneInput(ids, ones_like(ids, ScalarType.Bool)), skipped, attached with { Projections = projections, Replacements = replacements }, FeatureKind.Tokens);
        return maps;

        Tensor Noted(string place, Func<Tensor, AffineMap> fold, Tensor read)
        {
            maps[place] = fold(read).Map(static tensor => tensor.DetachFromDisposeScope());
            return read;
        }
    }

    /// <summary>The attachments as they become.</summary>
    private sealed class Folding(Llama model, Subnetwork skipped, Attachments attached)
    {
        private static readonly ProjectionRole[] _ofAttention = [ProjectionRole.Query, ProjectionRole.Key, ProjectionRole.Value];
        private static readonly ProjectionRole[] _ofFeedForward = [ProjectionRole.Gate, ProjectionRole.Expand];

        // A supernet has something everywhere, and of that a text meets what belongs to its subnetwork.
        private readonly Dictionary<string, Projection> _projections = model.Description.Projections
            .Where(place => attached.Projections.ContainsKey(place.Name) && !(place.Module is { } module && skipped.Contains(module)))
            .ToDictionary(static place => place.Name, place => attached.Projections[place.Name], StringComparer.Ordinal);
        private readonly Dictionary<string, Replacement> _replacements = model.Description.Modules
            .Where(module => attached.Replacements.ContainsKey(module.Name) && skipped.Contains(module.Index))
            .ToDictionary(static module => module.Name, module => attached.Replacements[module.Name], StringComparer.Ordinal);
        private readonly Dictionary<string, nn.Module> _layers = model.named_modules().ToDictionary(static entry => entry.name, static entry => entry.module, StringComparer.Ordinal);

        internal List<Tensor> Owned { get; } = [];

        internal int Linears { get; private set; }

        // What weighs is known now, and does nothing else.
        internal Attachments Result => attached with
        {
            Projections = _projections, Replacements = _replacements,
            Sequences = attached.Sequences.Where(static entry => entry.Value is not LavinTransfer.ModalityToken).ToDictionary(StringComparer.Ordinal),
        };

        internal void Add(string place, AffineMap map)
        {
            Owned.AddRange([map.Up, map.Down, map.Shift]);
            var modules = model.Description.Modules;
            if (modules.FirstOrDefault(module => module.Name == place) is not { } replaced)
            {
                _projections.Remove(place);
                Fold(model.Description.Projections.First(projection => projection.Name == place).Module!.Value, _ofAttention, map, norm: null);
            }
            else if (_replacements[place] is not { HandsOn: true } || replaced.Kind != ModuleKind.Attention)
            {
                _replacements[place] = new InPlace(handsOn: false, (stream, norm) => stream + map.Change(norm(stream)));
            }
            else if (skipped.Contains(replaced.Index + 1))
            {
                _replacements.Remove(place); // nobody reads what it hands on
            }
            else
            {
                var norm = model.Description.Projections.First(projection => projection.Module == replaced.Index + 1 && projection.Role == ProjectionRole.Norm).Name;
                Fold(replaced.Index + 1, _ofFeedForward, map, ((RmsNorm)_layers[norm]).Weight);
                _projections[norm] = new Delegated(static (_, input) => input);
                _replacements[place] = new InPlace(handsOn: true, static (stream, norm) => norm(stream));
            }
        }

        private void Fold(int module, ProjectionRole[] roles, AffineMap map, Tensor? norm)
        {
            foreach (var place in model.Description.Projections.Where(place => place.Module == module && roles.Contains(place.Role)))
            {
                if (_projections.ContainsKey(place.Name))
                {
                    throw new DasSearchException($"something else is around {place.Name}, into which an adapter is to be folded");
                }

                using var scope = NewDisposeScope();
                var own = ((Linear)_layers[place.Name]).weight!.to(map.Up.dtype);
                var read = norm is null ? own : own * norm; // [out, width]
                var (weight, bias) = ((read + read.matmul(map.Up).matmul(map.Down)).DetachFromDisposeScope(), read.mv(map.Shift).DetachFromDisposeScope());
                Owned.AddRange([weight, bias]);
                _projections.Add(place.Name, new Delegated((_, input) => nn.functional.linear(input, weight, bias)));
                Linears++;
            }
        }
    }

    private sealed class Delegated(Func<Func<Tensor, Tensor>, Tensor, Tensor> change) : Projection(nameof(Delegated))
    {
        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input) => change(own, input);
    }

    private sealed class InPlace(
        bool handsOn, Func<Tensor, Func<Tensor, Tensor>, Tensor> replace, Func<Tensor, Func<Tensor, Tensor>, Tensor>? handOn = null) : Replacement(nameof(InPlace))
    {
        public override bool HandsOn => handsOn;

        public override Tensor forward(Tensor input) => replace(input, static x => x);

        public override Tensor Normed(Tensor input, Func<Tensor, Tensor> norm) => replace(input, norm);

        public override Tensor HandOn(Tensor input, Func<Tensor, Tensor> norm) => (handOn ?? replace)(input, norm);
    }
}
