namespace DasSearch.Exports;

/// <summary>A block of a planned network.</summary>
/// <param name="Name">Its name, such as <c>transformer.blocks.3</c>.</param>
/// <param name="IsSkipped">Whether it is left out as a whole.</param>
/// <param name="Replacement">What then stands in for it, x + A(x); null where its input passes through, or it is kept.</param>
/// <param name="Attention">x₁ = x + attention(norm x) + A₀(x) of a block that is kept.</param>
/// <param name="FeedForward">x₂ = x₁ + mlp(norm x₁) + A₁(x₁) of a block that is kept.</param>
internal sealed record PlannedBlock(string Name, bool IsSkipped, PlannedAdapter? Replacement, PlannedPart Attention, PlannedPart FeedForward)
{
    /// <summary>Whether it has an attention.</summary>
    internal bool HasAttention => !IsSkipped && !Attention.IsSkipped;

    /// <summary>Whether it has a feed-forward part.</summary>
    internal bool HasFeedForward => !IsSkipped && !FeedForward.IsSkipped;

    /// <summary>The adapters that it has.</summary>
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
/// <param name="Bottleneck">Its inner width.</param>
/// <param name="Scale">What its output is multiplied by.</param>
internal sealed record PlannedAdapter(string Name, int Bottleneck, double Scale);

/// <summary>What stands behind the pooler.</summary>
/// <param name="Name">Its name in official checkpoints, such as <c>vqa_classifier</c>.</param>
/// <param name="Images">Images of a sample: their summaries are read side by side.</param>
/// <param name="Hidden">Width between its two layers; null for a head of one layer, which ranks.</param>
/// <param name="Outputs">Width of the logits.</param>
internal sealed record PlannedHead(string Name, int Images, int? Hidden, int Outputs);
