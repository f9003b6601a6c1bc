using DasSearch.Core;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Worker.Networks;

/// <summary>Hidden states of one batch after each module, from where the next subnetwork goes on that begins like the last one.</summary>
/// <remarks>
/// Exact, since a module's output depends on the modules before it alone: with weights that stay as they are, without dropout and
/// without gradients. Subnetworks in the order of <see cref="Order"/> share all that they can: each distinct prefix of the whole list
/// is run once. It holds one state a module and input. When the weights change, all but what is frozen of the embeddings has to be
/// forgotten. What it keeps are aliases of its own, which nobody else disposes.
/// </remarks>
internal sealed class PrefixCache : IDisposable
{
    private readonly IBackbone _backbone;
    private readonly Attachments _attached;
    private readonly IReadOnlyList<Path> _paths; // one for each input of a sample: NLVR2 has two
    private readonly bool _keepsEmbeddings;

    /// <param name="backbone">The backbone.</param>
    /// <param name="attached">What is put on it.</param>
    /// <param name="inputs">The batch's inputs.</param>
    /// <param name="keepsEmbeddings">Whether what is frozen of the embeddings stays the same when the weights change.</param>
    internal PrefixCache(IBackbone backbone, Attachments attached, IReadOnlyList<BackboneInput> inputs, bool keepsEmbeddings)
    {
        (_backbone, _attached, _keepsEmbeddings) = (backbone, attached, keepsEmbeddings);
        _paths = [.. inputs.Select(static input => new Path(input.Map(Own)))];
    }

    /// <summary>How many modules were run, replacements included.</summary>
    internal long ModulesRun { get; private set; }

    /// <summary>Subnetworks so that those with a long prefix in common come one after the other.</summary>
    internal static IOrderedEnumerable<T> Order<T>(IEnumerable<T> items, Func<T, Subnetwork> subnetwork) =>
        items.OrderBy(subnetwork, Comparer<Subnetwork>.Create((one, other) =>
        {
            var shared = Shared(one, other);
            return shared == one.Modules ? 0 : one.Contains(shared) ? -1 : 1;
        }));

    /// <summary>Lets go of all that depends on trained weights.</summary>
    internal void Forget()
    {
        foreach (var path in _paths)
        {
            path.Forget(_keepsEmbeddings);
        }
    }

    /// <summary>What a pass gives for each input.</summary>
    internal IReadOnlyList<Features> Features(Subnetwork skipped, FeatureKind wanted) => [.. _paths.Select(path => Run(path, skipped, wanted))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var path in _paths)
        {
            path.Dispose();
        }
    }

    private Features Run(Path path, Subnetwork skipped, FeatureKind wanted)
    {
        path.Keep(skipped);
        var states = path.States;
        if (states.Count == 0)
        {
            states.Add(path.Embed(_backbone, _attached).Map(Own));
        }

        for (var i = states.Count - 1; i < LastKept(skipped); i++)
        {
            using var scope = NewDisposeScope();
            states.Add(_backbone.Next(states[i], i, skipped, _attached).Map(Own));
            ModulesRun++;
        }

        // From there on no other subnetwork of its size begins in the same way.
        var start = states.Count - 1;
        ModulesRun += skipped.Modules - start;
        return _backbone.Conclude(states[start], start, skipped, _attached, wanted);
    }

    private static int LastKept(Subnetwork subnetwork)
    {
        var i = subnetwork.Modules - 1;
        while (i > 0 && subnetwork.Contains(i))
        {
            i--;
        }

        return i;
    }

    private static int Shared(Subnetwork one, Subnetwork other)
    {
        var i = 0;
        while (i < one.Modules && one.Contains(i) == other.Contains(i))
        {
            i++;
        }

        return i;
    }

    // Outlives the scope of the pass that made it, and is disposed here alone.
    private static Tensor Own(Tensor tensor) => tensor.alias().DetachFromDisposeScope();

    /// <summary>The states of one input: before the first module, after it, after the second, as far as they are known.</summary>
    private sealed class Path(BackboneInput input) : IDisposable
    {
        private Subnetwork? _of;
        private Embedded? _embedded;

        internal List<HiddenState> States { get; } = [];

        /// <summary>The first state, from what is kept of the embeddings.</summary>
        internal HiddenState Embed(IBackbone backbone, Attachments attached)
        {
            if (_embedded is null)
            {
                var embedded = backbone.Embed(input, attached);
                _embedded = embedded with { Frozen = [.. embedded.Frozen.Select(Own)] };
            }

            return _embedded.State();
        }

        /// <summary>Lets go of the states that a subnetwork does not share with the last one.</summary>
        internal void Keep(Subnetwork skipped)
        {
            Release(from: _of is null ? 0 : Shared(_of, skipped) + 1);
            _of = skipped;
        }

        /// <summary>Lets go of all states.</summary>
        internal void Forget(bool keepsEmbeddings)
        {
            Release(from: 0);
            _of = null;
            if (!keepsEmbeddings)
            {
                Release(_embedded?.Frozen ?? []);
                _embedded = null;
            }
        }

        public void Dispose()
        {
            Forget(keepsEmbeddings: false);
            input.Map(static tensor =>
            {
                tensor.Dispose();
                return tensor;
            });
        }

        private void Release(int from)
        {
            for (var i = States.Count - 1; i >= from; i--)
            {
                Release(States[i].Tensors);
                States.RemoveAt(i);
            }
        }

        private static void Release(IEnumerable<Tensor> tensors)
        {
            foreach (var tensor in tensors)
            {
                tensor.Dispose();
            }
        }
    }
}
