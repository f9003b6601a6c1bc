using DasSearch.Models.Backbones;

namespace DasSearch.Transfer;

/// <summary>What a method adds to a backbone: parameters, which are all trained, and multiply-accumulates for one sample.</summary>
/// <param name="Modules">To each module where it is kept, in order.</param>
/// <param name="OutsideParameters">Outside the modules.</param>
/// <param name="OutsideMultiplyAccumulates">Outside the modules.</param>
/// <param name="StayingTokens">Tokens that it adds to every module's stream, and so to what stands in for a skipped one.</param>
public sealed record AddedCosts(
    IReadOnlyList<AddedToModule> Modules, long OutsideParameters = 0, long OutsideMultiplyAccumulates = 0, int StayingTokens = 0)
{
    /// <summary>Nothing at all.</summary>
    public static AddedCosts Nothing(BackboneDescription backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return new AddedCosts([.. backbone.Modules.Select(static _ => default(AddedToModule))]);
    }

    /// <summary>The sum of what is added to the places of each module.</summary>
    public static AddedCosts Of(BackboneDescription backbone, IEnumerable<ProjectionPlace> places, Func<ProjectionPlace, AddedToModule> costs)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        var byModule = places.ToLookup(static place => place.Module, costs);
        var outside = AddedToModule.Sum(byModule[null]);
        return new AddedCosts(
            [.. backbone.Modules.Select(module => AddedToModule.Sum(byModule[module.Index]))], outside.Parameters, outside.MultiplyAccumulates);
    }
}

/// <summary>What is added to a module.</summary>
public readonly record struct AddedToModule(long Parameters, long MultiplyAccumulates)
{
    internal static AddedToModule Sum(IEnumerable<AddedToModule> costs) =>
        costs.Aggregate(default(AddedToModule), static (sum, one) => new(sum.Parameters + one.Parameters, sum.MultiplyAccumulates + one.MultiplyAccumulates));
}
