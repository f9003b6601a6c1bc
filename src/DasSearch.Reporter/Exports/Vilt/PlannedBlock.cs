namespace DasSearch.Reporter.Exports.Vilt;

/// <summary>A block of a planned network.</summary>
/// <param name="Name">Its name, such as <c>transformer.blocks.3</c>.</param>
/// <param name="IsSkipped">Whether it is left out.</param>
/// <param name="Replacement">What stands in for it, x + A(x); null where its input passes through, or it is kept.</param>
/// <param name="BesideAttention">A₀ in x₁ = x + attention(norm x) + A₀(x); null for none.</param>
/// <param name="BesideFeedForward">A₁ in x₂ = x₁ + mlp(norm x₁) + A₁(x₁); null for none.</param>
internal sealed record PlannedBlock(
    string Name, bool IsSkipped, PlannedAdapter? Replacement, PlannedAdapter? BesideAttention, PlannedAdapter? BesideFeedForward)
{
    /// <summary>The adapters that it has.</summary>
    internal IEnumerable<PlannedAdapter> Adapters => new[] { Replacement, BesideAttention, BesideFeedForward }.OfType<PlannedAdapter>();
}

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
