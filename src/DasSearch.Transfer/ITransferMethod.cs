using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>A way to adapt a frozen backbone to a task: what it adds, and what of the backbone it trains.</summary>
/// <remarks>It composes with a skip plan, since the backbone runs whatever is attached to kept modules only.</remarks>
public interface ITransferMethod
{
    /// <summary>What commands call it.</summary>
    string Name { get; }

    /// <summary>What it is, in a few words.</summary>
    string Summary { get; }

    /// <summary>Makes what it adds, with fresh weights.</summary>
    /// <param name="backbone">What it is put on.</param>
    /// <param name="placements">The adapters of a plan or supernet; a method that brings its own leaves them aside.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <exception cref="DasSearchException">The placements do not fit the backbone.</exception>
    Attached Attach(BackboneDescription backbone, IReadOnlyList<AdapterPlacement> placements, Device device);

    /// <summary>Whether a parameter of the backbone is trained.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="parameter">The parameter's name.</param>
    bool Trains(IBackbone backbone, string parameter);
}
