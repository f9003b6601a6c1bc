using DasSearch.Core.Plans;
using DasSearch.Models.Adapters;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>The adapters of DAS (arXiv:2309.01479), where the plan or supernet places them.</summary>
public sealed class DasTransfer : ITransferMethod
{
    /// <inheritdoc/>
    public string Name => DasPlacement.Type;

    /// <inheritdoc/>
    public string Summary => "the plan's adapters, poolers and modality embeddings";

    /// <inheritdoc/>
    public Attached Attach(BackboneDescription backbone, IReadOnlyList<AdapterPlacement> placements, Device device)
    {
        var adapters = new DasAdapters(placements, backbone, device);
        return new Attached(
            adapters,
            adapters.OfficialState().ToDictionary(static entry => entry.Key, static entry => (Parameter)entry.Value, StringComparer.Ordinal),
            adapters);
    }

    /// <inheritdoc/>
    public bool Trains(IBackbone backbone, string parameter)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone.IsTransferred(parameter);
    }
}
