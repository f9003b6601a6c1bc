using DasSearch.Core;
using DasSearch.Models.Attachments;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Worker.Networks;

/// <summary>Hidden states of one batch after each module, from where the next subnetwork goes on that begins like the last one.</summary>
/// <remarks>
/// Exact, since a module's output depends on the modules before it alone: with weights that stay as they are, without dropout and
/// without gradients. Subnetworks in the order of <see cref="Order"/> share all that they can: each distinct prefix of the whole list
/// is run once. It holds one state a module.
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

    /// <summary>The summary of the pass's next input: [batch, summary width].</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="input">The input, the same one in each pass.</param>
    /// <param name="skipped">What is skipped.</param>
    /// <param name="attachments">What is put on the modules.</param>
    internal Tensor Summarise(IBackbone backbone, VisionLanguageInput input, Subnetwork skipped, IAttachments attachments)
    {
        if (_input == _paths.Count)
        {
            _paths.Add(new Path(Kept(backbone.Embed(input))));
        }

        var path = _paths[_input++];
        path.Keep(skipped);
        for (var i = path.States.Count - 1; i < LastKept(skipped); i++)
        {
            path.States.Add(Kept(backbone.Run(path.States[i], i, i + 1, skipped, attachments)));
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

    // It outlives the scope of the pass that made it.
    private static HiddenState Kept(HiddenState state)
    {
        foreach (var stream in state.Streams)
        {
            stream.DetachFromDisposeScope();
        }

        return state;
    }

    /// <summary>The states of one input: before the first module, after it, after the second, as far as they are known.</summary>
    private sealed class Path : IDisposable
    {
        private Subnetwork? _of;

        internal Path(HiddenState embedded)
        {
            foreach (var bias in embedded.KeyBiases)
            {
                bias.DetachFromDisposeScope();
            }

            States = [embedded];
        }

        internal List<HiddenState> States { get; }

        /// <summary>Lets go of the states that a subnetwork does not share with the last one.</summary>
        internal void Keep(Subnetwork skipped)
        {
            var kept = _of is null ? 1 : Shared(_of, skipped) + 1;
            for (var i = States.Count - 1; i >= kept; i--)
            {
                Release(States[i]);
                States.RemoveAt(i);
            }

            _of = skipped;
        }

        public void Dispose()
        {
            States.ForEach(Release);
            foreach (var bias in States[0].KeyBiases)
            {
                bias.Dispose();
            }
        }

        private static void Release(HiddenState state)
        {
            foreach (var stream in state.Streams)
            {
                stream.Dispose();
            }
        }
    }
}
