using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>What a module of a ViLT is: a block, or a part of one.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="Kind">Which part of it.</param>
internal readonly record struct ViltPart(int Block, ModuleKind Kind)
{
    /// <summary>What official checkpoints call it: <c>transformer.blocks.3</c>, its <c>.attn</c> or its <c>.mlp</c>.</summary>
    internal string Name
    {
        get
        {
            var block = "transformer.blocks." + Block.ToString(CultureInfo.InvariantCulture);
            return Kind switch
            {
                ModuleKind.Whole => block,
                ModuleKind.Attention => block + ".attn",
                _ => block + ".mlp",
            };
        }
    }

    /// <summary>The modules in order of computation.</summary>
    internal static IReadOnlyList<ViltPart> All(int blocks, Granularity granularity)
    {
        ModuleKind[] kinds = granularity == Granularity.Layers ? [ModuleKind.Whole] : [ModuleKind.Attention, ModuleKind.FeedForward];
        return [.. Enumerable.Range(0, blocks).SelectMany(block => kinds.Select(kind => new ViltPart(block, kind)))];
    }
}
