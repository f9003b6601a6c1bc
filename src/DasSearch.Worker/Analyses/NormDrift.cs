using DasSearch.Models.Backbones;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Analyses;

/// <summary>How far the norms that a network trains move from where they are now (TTC, arXiv:2303.07910, Fig. 7).</summary>
public sealed class NormDrift
{
    private static readonly string[] _parameters = ["weight", "bias"];

    private readonly IReadOnlyList<NormParameter> _norms;

    private NormDrift(IReadOnlyList<NormParameter> norms) => _norms = norms;

    /// <summary>Whether the network trains none.</summary>
    public bool IsEmpty => _norms.Count == 0;

    /// <summary>Notes where they are.</summary>
    public static NormDrift From(TransferNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var trained = network.Trained.ToDictionary(static parameter => parameter.Name, StringComparer.Ordinal);
        var norms = network.Backbone.Projections.Where(static place => place.Role == ProjectionRole.Norm)
            .SelectMany(static place => _parameters.Select(parameter => (place.Name, Parameter: parameter)))
            .Where(norm => trained.ContainsKey($"{norm.Name}.{norm.Parameter}"))
            .Select(norm => new NormParameter(norm.Name, norm.Parameter, ValuesOf(trained[$"{norm.Name}.{norm.Parameter}"])));
        return new NormDrift([.. norms]);
    }

    /// <summary>How far they are from there now, in the order of computation.</summary>
    /// <param name="network">The same network, trained.</param>
    public IReadOnlyList<MovedNorm> Of(TransferNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var trained = network.Trained.ToDictionary(static parameter => parameter.Name, StringComparer.Ordinal);
        return
        [
            .. _norms.Select(norm =>
            {
                var moves = ValuesOf(trained[$"{norm.Norm}.{norm.Parameter}"]).Zip(norm.Values, static (now, before) => Math.Abs((double)now - before)).ToList();
                return new MovedNorm(norm.Norm, norm.Parameter, moves.Average(), Math.Sqrt(moves.Average(static move => move * move)), moves.Max());
            }),
        ];
    }

    private static float[] ValuesOf(TrainedParameter parameter)
    {
        using var scope = NewDisposeScope();
        return parameter.Parameter.detach().to(ScalarType.Float32).cpu().data<float>().ToArray();
    }

    private sealed record NormParameter(string Norm, string Parameter, float[] Values);
}

/// <summary>How far a norm's weight or bias has moved.</summary>
/// <param name="Norm">The norm's name, such as <c>transformer.blocks.3.norm1</c>.</param>
/// <param name="Parameter"><c>weight</c> or <c>bias</c>.</param>
/// <param name="MeanAbsolute">The mean over its numbers of how far each has moved.</param>
/// <param name="RootMeanSquare">The root of the mean square.</param>
/// <param name="Largest">The furthest.</param>
public sealed record MovedNorm(string Norm, string Parameter, double MeanAbsolute, double RootMeanSquare, double Largest);
