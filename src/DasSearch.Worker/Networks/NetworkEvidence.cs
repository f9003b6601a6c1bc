using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using static TorchSharp.torch;

namespace DasSearch.Worker.Networks;

/// <summary>What a method can find out before its network is built: on the one that was trained before, else on one as it is, made when it is first asked about.</summary>
/// <param name="request">The network that is about to be built.</param>
internal sealed class NetworkEvidence(NetworkRequest request) : IEvidence, IDisposable
{
    private const int BatchSize = 32;

    private readonly Subnetwork? _skipped = request.Absent;
    private TransferNetwork? _own;

    private TransferNetwork Network => request.Previous ?? (_own ??= TransferNetwork.Build(request.Bare()));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Gradients(IReadOnlyList<string> parameters, int? samples)
    {
        using var scope = NewDisposeScope();
        using var recorded = enable_grad();
        var known = Network.BackboneParameters;
        var asked = parameters.Distinct().Select(name => (Name: name, Parameter: known[name])).ToList();
        var wereTrained = asked.ConvertAll(static entry => entry.Parameter.requires_grad);
        var sums = asked.ConvertAll(static entry => zeros_like(entry.Parameter, ScalarType.Float32));
        try
        {
            asked.ForEach(static entry => entry.Parameter.requires_grad = true);
            ForEach(samples, (batch, share) =>
            {
                var loss = Network.Loss(Network.Logits(batch, Skipped()), batch);
                var gradients = autograd.grad([loss], [.. asked.Select(static entry => entry.Parameter)]);
                using var unrecorded = no_grad();
                foreach (var (sum, gradient) in sums.Zip(gradients))
                {
                    sum.add_(gradient.to(ScalarType.Float32) * share);
                }
            });
        }
        finally
        {
            foreach (var (entry, wasTrained) in asked.Zip(wereTrained))
            {
                entry.Parameter.requires_grad = wasTrained;
            }
        }

        return asked.Zip(sums).ToDictionary(static entry => entry.First.Name, static entry => entry.Second.detach().MoveToOuterDisposeScope(), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> ChannelNorms(IReadOnlyList<string> places, bool isByClass, int? samples)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var probes = new ChannelProbes(Network, places, isByClass ? Math.Max(request.Task.Facts.Answers.Count, 1) : 1);
        ForEach(samples, (batch, _) =>
        {
            probes.Begin(isByClass ? batch.Labels : zeros_like(batch.Labels));
            Network.Look(batch, (backbone, input, _) => backbone.Run(input, Skipped(), probes.Attachments, FeatureKind.Tokens));
        });
        return probes.Norms().ToDictionary(static entry => entry.Key, static entry => entry.Value.MoveToOuterDisposeScope(), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();

    private Subnetwork Skipped() => _skipped ?? Subnetwork.Whole(Network.Backbone.Modules.Count);

    // With the share that each batch has in all samples.
    private void ForEach(int? samples, Action<Batch, double> body)
    {
        Network.Train(false);
        var task = request.Task.Unvaried;
        var all = task.Facts.SizeOf(Split.Train);
        var (total, done) = (Math.Min(samples ?? all, all), 0);
        for (var i = 0; done < total; i++)
        {
            request.Cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var drawn = task.Batch(Split.Train, epoch: 0, i, BatchSize).MoveTo(Network.Device);
            using var part = total - done < drawn.Size ? drawn.Part([.. Enumerable.Range(0, total - done)]) : null;
            var batch = part ?? drawn;
            body(batch, (double)batch.Size / total);
            done += batch.Size;
        }
    }
}
