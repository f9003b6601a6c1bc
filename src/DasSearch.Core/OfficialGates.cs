namespace DasSearch.Core;

/// <summary>What the authors' code of EAS skips where a gate says so: <c>compat: official</c>.</summary>
/// <remarks>
/// There an image layer's gate of attention to the text sets the flag of the same layer's attention to itself (papers' part C), so that an
/// image never does without the text. Every other gate skips its own module.
/// </remarks>
public static class OfficialGates
{
    /// <summary>The modules that are skipped for the gates of some, of which there may be fewer.</summary>
    /// <param name="gates">The modules that a search would skip.</param>
    /// <param name="modules">All of them, in order of computation: an attention to another stream comes right after the one to the stream itself.</param>
    public static Subnetwork Skipped(Subnetwork gates, IReadOnlyList<ModuleInfo> modules)
    {
        ArgumentNullException.ThrowIfNull(gates);
        ArgumentNullException.ThrowIfNull(modules);
        return gates.Skipped.Any(IsMisread) ? new Subnetwork(gates.Modules, gates.Skipped.Select(gate => IsMisread(gate) ? gate - 1 : gate).Distinct()) : gates;

        bool IsMisread(int gate) => modules[gate] is { Kind: ModuleKind.CrossAttention, Stream: "image" };
    }
}
