using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;

namespace DasSearch.Exports;

/// <summary>A block of a planned network.</summary>
/// <param name="Name">Its name, such as <c>transformer.blocks.3</c>.</param>
/// <param name="IsSkipped">Whether it is left out as a whole.</param>
/// <param name="Replacement">What then stands in for it, x + A(x); null where its input passes through, or it is kept.</param>
/// <param name="Attention">x₁ = x + attention(norm x) + A₀(x) of a block that is kept.</param>
/// <param name="FeedForward">x₂ = x₁ + mlp(norm x₁) + A₁(x₁) of a block that is kept.</param>
internal sealed record PlannedBlock(
    string Name, bool IsSkipped, PlannedAdapter? Replacement, PlannedPart Attention, PlannedPart FeedForward)
{
    internal bool HasAttention => !IsSkipped && !Attention.IsSkipped;

    internal bool HasFeedForward => !IsSkipped && !FeedForward.IsSkipped;

    internal IEnumerable<PlannedAdapter> Adapters => new[] { Replacement, Attention.Adapter, FeedForward.Adapter }.OfType<PlannedAdapter>();

    /// <summary>What is left out, the block or parts of it: its name, and what stands in for it.</summary>
    internal IEnumerable<(string Name, PlannedAdapter? Replacement)> Skipped
    {
        get
        {
            if (IsSkipped)
            {
                yield return (Name, Replacement);
                yield break;
            }

            if (Attention.IsSkipped)
            {
                yield return (Name + ".attn", Attention.Adapter);
            }

            if (FeedForward.IsSkipped)
            {
                yield return (Name + ".mlp", FeedForward.Adapter);
            }
        }
    }
}

/// <summary>A part of a block, which was either kept or left out on its own.</summary>
/// <param name="IsSkipped">Whether it is left out.</param>
/// <param name="Adapter">What stands beside it or, where it is left out, in its place: x + A(x); null for nothing.</param>
internal readonly record struct PlannedPart(bool IsSkipped, PlannedAdapter? Adapter);

/// <summary>A(x) = scale · up(relu(down(norm x))), the adapter of DAS (arXiv:2309.01479).</summary>
/// <param name="Name">Its name in official checkpoints, such as <c>adapter_list.3.0</c>.</param>
internal sealed record PlannedAdapter(string Name, int Bottleneck, double Scale);

/// <summary>A plan's skips and adapters, block by block, under the official checkpoints' names.</summary>
internal static class PlannedBlocks
{
    /// <exception cref="DasSearchException">The plan skips or places something that this ViLT does not have.</exception>
    internal static IReadOnlyList<PlannedBlock> Of(SkipPlan plan, BackboneDescription backbone)
    {
        var adapters = plan.Adapters.Select(placement => (Placement: placement, Name: DasTransfer.OfficialName(backbone, placement)))
            .ToLookup(static placed => (placed.Placement.Module, placed.Placement.Site));
        var (modules, skipped) = (backbone.Modules, plan.Subnetwork);
        return modules[0].Kind == ModuleKind.Whole
            ? [.. modules.Select(module => new PlannedBlock(
                module.Name,
                skipped.Contains(module.Index),
                Find(module, Site.Module),
                new PlannedPart(false, Find(module, Site.Attention)),
                new PlannedPart(false, Find(module, Site.FeedForward))))]
            : [.. modules.Chunk(2).Select(parts => new PlannedBlock(
                parts[0].Name[..parts[0].Name.LastIndexOf('.')],
                IsSkipped: false,
                Replacement: null,
                Part(parts[0], Site.Attention),
                Part(parts[1], Site.FeedForward)))];

        PlannedPart Part(ModuleInfo module, string site) => skipped.Contains(module.Index)
            ? new PlannedPart(true, Find(module, Site.Module))
            : new PlannedPart(false, Find(module, site));

        PlannedAdapter? Find(ModuleInfo module, string site) => adapters[(module.Name, site)].FirstOrDefault() is { Name: not null } placed
            ? new PlannedAdapter(placed.Name, placed.Placement.Bottleneck, placed.Placement.Scale)
            : null;
    }

    /// <exception cref="ExportException">The plan skips modules under other names than a ViLT's.</exception>
    internal static void Check(SkipPlan plan, IReadOnlyList<ModulePart> modules)
    {
        if (plan.Skip.FirstOrDefault(module => module.Module != modules[module.Index].Name) is { } other)
        {
            throw new ExportException($"the plan calls module {other.Index} {other.Module}, expected {modules[other.Index].Name}");
        }

        if (plan.Skip.FirstOrDefault(module => module.Kind != modules[module.Index].Kind) is { } unlike)
        {
            throw new ExportException(
                $"the plan skips {unlike.Module} as {EnumNames.NameOf(unlike.Kind)}, expected {EnumNames.NameOf(modules[unlike.Index].Kind)}");
        }
    }
}
