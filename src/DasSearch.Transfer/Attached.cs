using DasSearch.Models.Attachments;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>What a method has put on a backbone; whoever holds this owns it.</summary>
/// <param name="Attachments">What the backbone asks at its sites.</param>
/// <param name="Parameters">All parameters of it by their official names; they are all trained.</param>
/// <param name="Module">What holds them; null where nothing was added.</param>
public sealed record Attached(
    IAttachments Attachments, IReadOnlyDictionary<string, Parameter> Parameters, nn.Module? Module) : IDisposable
{
    /// <summary>Nothing at all.</summary>
    internal static Attached Nothing => new(NoAttachments.Instance, new Dictionary<string, Parameter>(), null);

    /// <inheritdoc/>
    public void Dispose() => Module?.Dispose();
}
