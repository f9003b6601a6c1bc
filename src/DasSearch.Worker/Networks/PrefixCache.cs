using DasSearch.Core;
using DasSearch.Models.Attachments;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Worker.Networks;

/// <summary>Hidden states of one batch after each module, from where the next subnetwork goes on that begins like the last one.</summary>
/// <remarks>
/// Exact, since a module's output depends on the modules before it alone: with weights that stay as they are, without dropout and
/// without gradients. Subnetworks in the order of <see cref="Order"/> share all that they can: each distinct prefix of the whole list
/// is run once. It holds one state a module. When the weights change, all but what is frozen of the embeddings has to be forgotten.
/// </remarks>
internal sealed class PrefixCache : IDisposable
{
    // One for each input of a sample: NLVR2 has two.
    private readonly List<Path> _paths = [];
    private int _input;

    /// <summary>How many modules were run, replacements included.</summary>
    internal long ModulesRun { get; private set; }

    /// <summary>Subnetworks so that those with a long prefix in common come one after the other.</summary>
    internal static IOrderedEnumerable<T> Order<T>(IEnumerable<T> items, Func<T, Subnetwork> subnetwork) =>
        items.OrderBy(subnetwork, Comparer<Subnetwork>.Create((one, other) =>
        {
            var shared = Shared(one, other);
            return shared == one.Modules ? 0 : one.Contains(shared) ? -1 : 1;
        }));

    /// <summary>Another pass over the batch begins.</summary>
    internal void Begin() => _input = 0;

    /// <summary>Lets go of all that depends on trained weights.</summary>
    internal void Forget() => _paths.ForEach(static path => path.Forget());

    /// <summary>The summary of the pass's next input: [batch, summary width].</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="input">The input, the same one in each pass.</param>
    /// <param name="skipped">What is skipped.</param>
    /// <param name="attachments">What is put on the modules.</param>
    internal Tensor Summarise(IBackbone backbone, VisionLanguageInput input, Subnetwork skipped, IAttachments attachments)
    {
        if (_input == _paths.Count)
        {
            _paths.Add(new Path(backbone.EmbedFrozen(input)));
        }

        var path = _paths[_input++];
        path.Keep(skipped);
        if (path.States.Count == 0)
        {
            path.States.Add(Detached(backbone.Embed(input, path.Frozen)));
        }

        for (var i = path.States.Count - 1; i < LastKept(skipped); i++)
        {
            path.States.Add(Detached(backbone.Run(path.States[i], i, i + 1, skipped, attachments)));
            ModulesRun++;
        }

        // From there on no other subnetwork of its size begins in the same way.
        var start = path.States.Count - 1;
        ModulesRun += skipped.Modules - start;
        return backbone.Conclude(path.States[start], start, skipped, attachments);
    }

    /// <inheritdoc/>
    public void Dispose() => _paths.ForEach(path => path.Dispose());

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

    private static HiddenState Detached(HiddenState state)
    {
        Detach(state.Streams);
        Detach(state.KeyBiases);
        return state;
    }

    // They outlive the scope of the pass that made them.
    private static void Detach(IEnumerable<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            tensor.DetachFromDisposeScope();
        }
    }

    /// <summary>The states of one input: before the first module, after it, after the second, as far as they are known.</summary>
    private sealed class Path : IDisposable
    {
        private Subnetwork? _of;

        internal Path(IReadOnlyList<Tensor> frozen)
        {
            Detach(frozen);
            Frozen = frozen;
        }

        /// <summary>What is frozen of its embeddings.</summary>
        internal IReadOnlyList<Tensor> Frozen { get; }

        internal List<HiddenState> States { get; } = [];

        /// <summary>Lets go of the states that a subnetwork does not share with the last one.</summary>
        internal void Keep(Subnetwork skipped)
        {
            Release(from: _of is null ? 0 : Shared(_of, skipped) + 1);
            _of = skipped;
        }

        /// <summary>Lets go of all states.</summary>
        internal void Forget()
        {
            Release(from: 0);
            _of = null;
        }

        public void Dispose()
        {
            Forget();
            Release(Frozen);
        }

        private void Release(int from)
        {
            // All states have the first one's biases.
            for (var i = States.Count - 1; i >= from; i--)
            {
                Release(States[i].Streams);
                Release(i == 0 ? States[i].KeyBiases : []);
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
