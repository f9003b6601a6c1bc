using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Analyses;

/// <summary>Channels that a method has chosen at one place (TTC, arXiv:2303.07910, Fig. 3).</summary>
/// <param name="Place">The place's name, such as <c>transformer.blocks.3.mlp</c>.</param>
/// <param name="Width">How many there are to choose from.</param>
/// <param name="Channels">Their indices, ascending.</param>
public sealed record ChosenChannels(string Place, int Width, IReadOnlyList<long> Channels)
{
    private const string Suffix = ".channels";

    /// <summary>Those of a network, in the order of its modules; none where its method chooses none.</summary>
    public static IReadOnlyList<ChosenChannels> Of(TransferNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        return
        [
            .. network.TrainedState().Where(static entry => entry.Key.EndsWith(Suffix, StringComparison.Ordinal) && entry.Value.dtype == ScalarType.Int64)
                .Select(entry => (Module: ModuleOf(network, PlaceOf(entry.Key)), Place: PlaceOf(entry.Key), Chosen: entry.Value))
                .OrderBy(static entry => entry.Module).ThenBy(static entry => entry.Place, StringComparer.Ordinal)
                .Select(entry => new ChosenChannels(entry.Place, network.Backbone.Shapes[entry.Module].Width, [.. entry.Chosen.cpu().data<long>().Order()])),
        ];
    }

    // Without the method's own part.
    private static string PlaceOf(string name) => name[..name[..^Suffix.Length].LastIndexOf('.')];

    // A place is a module, within one, or a block that modules are within.
    private static int ModuleOf(TransferNetwork network, string place) =>
        network.Backbone.Modules.First(module => module.Name == place || place.StartsWith(module.Name + ".", StringComparison.Ordinal) || module.Name.StartsWith(place + ".", StringComparison.Ordinal)).Index;
}
