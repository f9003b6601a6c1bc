namespace DasSearch.Exports;

/// <summary>The blocks of a planned ViLT in a graph, and what stands in for them.</summary>
/// <param name="graph">Where they are added.</param>
/// <param name="layers">Their layers.</param>
/// <param name="sizes">Their sizes.</param>
internal sealed class BlockGraph(NetworkGraph graph, GraphLayers layers, ViltSizes sizes)
{
    /// <summary>Added to the variance in the norms of blocks, as in ViT.</summary>
    internal const float Epsilon = 1e-6f;

    /// <summary>Added to the variance in the norms of adapters and heads, PyTorch's default.</summary>
    internal const float AdapterEpsilon = 1e-5f;

    /// <summary>x₁ = x + attention(norm1 x) + A₀(x), x₂ = x₁ + mlp(norm2 x₁) + A₁(x₁); for a skipped block or part x + A(x).</summary>
    internal string Block(PlannedBlock block, string x, string keyBias)
    {
        if (block.IsSkipped)
        {
            return Adapted(block.Name, x, x, block.Replacement);
        }

        var attended = block.HasAttention
            ? layers.Add(block.Name, x, Attention(block.Name + ".attn", layers.Norm(block.Name + ".norm1", x, Epsilon), keyBias))
            : x;
        var middle = Adapted(block.Name, attended, x, block.Attention.Adapter);
        var fed = block.HasFeedForward
            ? layers.Add(block.Name, middle, FeedForward(block.Name + ".mlp", layers.Norm(block.Name + ".norm2", middle, Epsilon)))
            : middle;
        return Adapted(block.Name, fed, middle, block.FeedForward.Adapter);
    }

    private string Attention(string name, string x, string keyBias)
    {
        var width = sizes.Width / sizes.Heads;
        var heads = layers.Reshape(name, layers.Linear(name + ".qkv", x), 0, 0, 3, sizes.Heads, width);
        var parts = layers.Transpose(name, heads, 2, 0, 3, 1, 4); // [3, batch, heads, tokens, width of a head]
        var query = layers.Multiply(name, layers.Pick(name, parts, 0, 0), (float)Math.Pow(width, -0.5));
        var key = layers.Transpose(name, layers.Pick(name, parts, 0, 1), 0, 1, 3, 2);
        var scores = layers.Add(name, graph.Add(name, "MatMul", [query, key]), keyBias); // [batch, heads, tokens, tokens]
        var shares = graph.Add(name, "Softmax", [scores], new OnnxAttribute("axis", Integer: -1));
        var mixed = layers.Transpose(name, graph.Add(name, "MatMul", [shares, layers.Pick(name, parts, 0, 2)]), 0, 2, 1, 3);
        return layers.Linear(name + ".proj", layers.Reshape(name, mixed, 0, 0, sizes.Width));
    }

    private string FeedForward(string name, string x) =>
        layers.Linear(name + ".fc2", layers.Gelu(name, layers.Linear(name + ".fc1", x)));

    // sum + A(x)
    private string Adapted(string place, string sum, string x, PlannedAdapter? adapter)
    {
        if (adapter is null)
        {
            return sum;
        }

        var normalised = layers.Norm(adapter.Name + ".adapter_layer_norm_before", x, AdapterEpsilon);
        var inner = graph.Add(adapter.Name, "Relu", [layers.Linear(adapter.Name + ".down_proj", normalised)]);
        var outer = layers.Linear(adapter.Name + ".up_proj", inner);
        return layers.Add(place, sum, adapter.Scale == 1 ? outer : layers.Multiply(adapter.Name, outer, (float)adapter.Scale));
    }
}
