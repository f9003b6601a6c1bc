using DasSearch.Core;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Search;

/// <summary>A folder from which an interrupted search goes on; rounds and gates are in the store.</summary>
/// <param name="folder">The folder; need not be there.</param>
/// <param name="configSha256">What tells the settings from others.</param>
public sealed class SearchState(string folder, string configSha256)
{
    private readonly TrainingState _state = new(new ResumeFolder(folder, configSha256, "search"));

    /// <summary>Training batches done when it was saved; 0 where nothing was saved.</summary>
    /// <exception cref="DasSearchException">It belongs to other settings.</exception>
    public long Batches => _state.Peek();

    /// <summary>The search is over: nothing is left to be resumed.</summary>
    public void Remove() => _state.Remove();

    internal void Save(long batches, IReadOnlyDictionary<string, Tensor> weights, FlatAdamW optimizer) => _state.Save(batches, weights, optimizer);

    internal long Restore(IReadOnlyDictionary<string, Tensor> weights, FlatAdamW optimizer) => _state.Restore(weights, optimizer);
}
