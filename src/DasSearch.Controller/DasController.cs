using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>The controller of DAS, <i>Parameter and Computation Efficient Transfer Learning</i> (arXiv:2309.01479).</summary>
/// <remarks>
/// <para>Each module has a gate g, at first 0, and is drawn with weight p = σ(g), without replacement. A round's rewards
/// r = exp(−loss) are compared with their mean: g_i ← g_i + η Σ_k (r_k − r̄) p_i (1 − p_i), k over the subnetworks that
/// skip i, p as it was before the round. This is the update of the authors' code for ViLT and METER; the final choice are
/// the modules with the largest gates, <see cref="SkipSpace.Best"/>. Their code for LaVIN has p = softmax(10 g) in a comment, and that of Efficient
/// Attention Skipping uses it, with the same update: <see cref="ControllerSettings.Weights"/>.</para>
/// <para>Where we differ: numbers are of double precision; an evaluation that diverged or failed counts as reward 0 and
/// one that was cancelled is left out, where the authors' code has no such cases; gates stop at ±700, which keeps weights
/// and gates finite under any settings and is out of reach of sensible ones.</para>
/// </remarks>
public sealed class DasController : IController
{
    /// <summary>Its name in configurations and databases.</summary>
    public const string Name = "das";

    // σ(−700) is still a positive double.
    private const double LargestGate = 700;
    private const double Sharpness = 10; // of the softmax

    private readonly ControllerSettings _settings;
    private double[] _gates;

    /// <summary>A controller that has learnt nothing yet.</summary>
    public DasController(ControllerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _gates = new double[settings.Modules];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Subnetwork> Propose(int count, Random random) =>
        DistinctSampler.Draw(Probabilities(), _settings.Space, count, random);

    /// <inheritdoc/>
    public void Observe(IReadOnlyList<Evaluation> round)
    {
        var probabilities = Probabilities();
        foreach (var advantage in Advantage.Of(round, _settings.Modules))
        {
            foreach (var i in advantage.Subnetwork.Skipped)
            {
                var slope = probabilities[i] * (1 - probabilities[i]);
                var gate = _gates[i] + (_settings.LearningRate * slope * advantage.Value);
                _gates[i] = Math.Clamp(gate, -LargestGate, LargestGate);
            }
        }
    }

    /// <inheritdoc/>
    public Subnetwork Recommend() => Recommend(_settings.Space);

    /// <inheritdoc/>
    public Subnetwork Recommend(SkipSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.Best(_gates);
    }

    /// <inheritdoc/>
    public ControllerState Snapshot() => new(Name, _gates, Probabilities());

    /// <inheritdoc/>
    public void Restore(ControllerState state)
    {
        Rounds.CheckState(state, Name, _settings.Modules);
        _gates = [.. state.Gates];
    }

    private double[] Probabilities() => _settings.Weights == GateWeights.Softmax ? Softmax() : [.. _gates.Select(PortableMath.Sigmoid)];

    private double[] Softmax()
    {
        var highest = _gates.Max();
        var weights = _gates.Select(gate => PortableMath.Exp(Math.Max(Sharpness * (gate - highest), -LargestGate))).ToList();
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}

/// <summary>
/// Functions that give the same bits on every machine, which those of the platform's C library do not promise: gates
/// can be replayed from a database that was written elsewhere.
/// </summary>
internal static class PortableMath
{
    private const double Log2E = 1.4426950408889634;

    // ln 2 in two parts: the first has 21 trailing zero bits, so that its product with a small integer is exact.
    private const double Ln2High = 0.6931471803691238;
    private const double Ln2Low = 1.9082149292705877e-10;

    // Terms of the Taylor series that matter for |r| ≤ ln 2 / 2: the next one is below 2⁻⁵⁶.
    private const int Terms = 13;

    /// <summary>The logistic function 1 / (1 + exp(−x)); from 0 to 1, with a relative error of a few 2⁻⁵³.</summary>
    internal static double Sigmoid(double x)
    {
        if (x >= 0)
        {
            return 1 / (1 + Exp(-x));
        }

        var small = Exp(x);
        return small / (1 + small);
    }

    /// <summary>eˣ, out of additions, multiplications and an exact scaling alone.</summary>
    internal static double Exp(double x)
    {
        if (!(Math.Abs(x) < 709))
        {
            return double.IsNaN(x) ? x : x > 0 ? double.PositiveInfinity : 0;
        }

        var power = Math.Round(x * Log2E);
        var rest = x - (power * Ln2High) - (power * Ln2Low);
        var sum = 1.0;
        for (var term = Terms; term >= 1; term--)
        {
            sum = 1 + (sum * (rest / term));
        }

        return Math.ScaleB(sum, (int)power);
    }
}
