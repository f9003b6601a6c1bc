using DasSearch.Controller;
using DasSearch.Core.Spaces;
using DasSearch.Data.Tasks;
using DasSearch.Worker.Networks;

namespace DasSearch.Cli.Searching;

/// <summary>What a search is made of, built and checked.</summary>
/// <param name="Place">Device and photos.</param>
/// <param name="Task">The task.</param>
/// <param name="Network">The supernet.</param>
/// <param name="Space">What may be proposed.</param>
/// <param name="Controller">A fresh controller.</param>
/// <param name="Stop">What may end the search early; null where its settings have it go on to the end.</param>
/// <param name="Checkpoint">The checkpoint's path in full; null without one.</param>
/// <param name="CheckpointSha256">The checkpoint's SHA-256; null without one.</param>
internal sealed record SearchParts(
    Workplace Place,
    IVisionLanguageTask Task,
    TransferNetwork Network,
    SkipSpace Space,
    IController Controller,
    StopRule? Stop,
    string? Checkpoint,
    string? CheckpointSha256) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
