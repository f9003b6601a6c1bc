using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Worker.Networks;

namespace DasSearch.App;

/// <summary>How large a method may be, the same everywhere, so that at most so many parameters are trained.</summary>
/// <remarks>Where a search has found out where they matter, <see cref="PlanMaker"/> places them by that instead.</remarks>
internal static class UniformBudget
{
    /// <summary>The request with the largest size that keeps to a budget.</summary>
    /// <param name="request">The planned network, whose sizes are those of the settings.</param>
    /// <param name="trained">How many parameters may be trained, with the head and all else that is.</param>
    /// <exception cref="DasSearchException">The method has no size, or its smallest is too large.</exception>
    internal static NetworkRequest Fit(NetworkRequest request, SkipPlan plan, long trained)
    {
        using var network = TransferNetwork.Build(request with { IsRestored = true });
        if (request.Method.Size is not { } size)
        {
            throw new UsageException(
                $"{request.Method.Name} has no size: it trains {network.Costs().Of(plan.Subnetwork).TrainableParameters} parameters here; "
                + "of das's adapters, das plan RUN --trainable N chooses the places");
        }

        // Some are of even sizes alone.
        var steps = Trained(1) is null ? 2 : 1;
        if (Trained(steps) is not { } least || least > trained)
        {
            throw new UsageException($"{request.Method.Name} trains at least {Trained(steps)} parameters here, with method.{size.Name}={steps}, not {trained}");
        }

        var (fits, fails) = (1, 2);
        while (Trained(steps * fails) <= trained)
        {
            (fits, fails) = (fails, 2 * fails);
        }

        while (fails - fits > 1)
        {
            var middle = fits + ((fails - fits) / 2);
            (fits, fails) = Trained(steps * middle) <= trained ? (middle, fails) : (fits, middle);
        }

        return Sized(steps * fits);

        NetworkRequest Sized(int value) => request with
        {
            Transfer = request.Transfer with
            {
                Placed = null,
                Options = new SortedDictionary<string, string>(request.Transfer.Options.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal)
                {
                    [size.Name] = value.ToString(CultureInfo.InvariantCulture),
                },
            },
        };

        // Null where the method cannot be of the size, such as a rank above the width.
        long? Trained(int value)
        {
            try
            {
                return network.Costs(Sized(value).Transfer).Of(plan.Subnetwork).TrainableParameters;
            }
            catch (DasSearchException)
            {
                return null;
            }
        }
    }
}
