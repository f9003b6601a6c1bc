using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;

namespace DasSearch.Transfer;

/// <summary>What a method adds to a backbone: parameters, which are all trained, and multiply-accumulates for one sample.</summary>
/// <param name="Modules">To each module, in order.</param>
/// <param name="OutsideParameters">Outside the modules.</param>
/// <param name="OutsideMultiplyAccumulates">Outside the modules.</param>
public sealed record AddedCosts(IReadOnlyList<AddedToModule> Modules, long OutsideParameters = 0, long OutsideMultiplyAccumulates = 0)
{
    /// <summary>Nothing at all.</summary>
    public static AddedCosts Nothing(BackboneDescription backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return new AddedCosts([.. backbone.Modules.Select(static _ => default(AddedToModule))]);
    }
}

/// <summary>What a method adds to a module.</summary>
/// <param name="ReplacementParameters">Where the module is skipped.</param>
/// <param name="ReplacementMultiplyAccumulates">Where the module is skipped.</param>
/// <param name="AttachedParameters">Where the module is kept.</param>
/// <param name="AttachedMultiplyAccumulates">Where the module is kept.</param>
public readonly record struct AddedToModule(
    long ReplacementParameters, long ReplacementMultiplyAccumulates, long AttachedParameters, long AttachedMultiplyAccumulates);

/// <summary>What networks cost.</summary>
public static class TransferCosts
{
    /// <summary>What a backbone costs with a method on it and a head, whichever modules are skipped.</summary>
    /// <param name="method">The method.</param>
    /// <param name="backbone">The backbone.</param>
    /// <param name="settings">What the method adds.</param>
    /// <param name="head">Parameters of the head, which is trained.</param>
    public static NetworkCosts NetworkCosts(this ITransferMethod method, BackboneDescription backbone, TransferSettings settings, long head = 0)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(backbone);
        var added = method.Costs(backbone, settings);
        var own = backbone.Parameters.Where(parameter => method.Trains(backbone, parameter.Name))
            .ToLookup(static parameter => parameter.Module, static parameter => parameter.Count);
        return new NetworkCosts(
            [.. backbone.Modules.Zip(added.Modules, (module, costs) => new ModuleCosts(
                module,
                costs.ReplacementParameters,
                costs.ReplacementMultiplyAccumulates,
                costs.AttachedParameters,
                costs.AttachedMultiplyAccumulates) { TrainedParameters = own[module.Index].Sum() })],
            backbone.OutsideParameters + added.OutsideParameters + head,
            own[null].Sum() + added.OutsideParameters + head,
            backbone.OutsideMultiplyAccumulates + added.OutsideMultiplyAccumulates);
    }
}
