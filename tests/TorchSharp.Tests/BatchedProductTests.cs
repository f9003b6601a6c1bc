using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Products of batches of matrices, however they lie in memory, against sums of elementwise products.</summary>
public sealed class BatchedProductTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    private static readonly Dictionary<string, (Func<Tensor> First, Func<Tensor> Second)> _pairs = new()
    {
        ["row by row"] = (() => randn(2, 3, 4, 5), () => randn(2, 3, 5, 6)),
        ["one batch dimension"] = (() => randn(7, 4, 5), () => randn(7, 5, 6)),
        ["transposed"] = (() => randn(2, 3, 5, 4).transpose(-2, -1), () => randn(2, 3, 6, 5).transpose(-2, -1)),
        ["heads of one projection"] = (() => Heads(0), () => Heads(1).transpose(-2, -1)),
        ["rows apart"] = (() => randn(2, 4, 9).narrow(2, 3, 5), () => randn(2, 8, 6).narrow(1, 2, 5)),
        ["neither rows nor columns"] = (() => randn(2, 4, 5, 3).select(3, 1), () => randn(2, 5, 6, 2).select(3, 0)),
        ["the same matrix again"] = (() => randn(1, 4, 5).expand(3, 4, 5), () => randn(3, 5, 6)),
        ["single rows and columns"] = (() => randn(3, 1, 5), () => randn(3, 5, 1)),
        ["inner size 1"] = (() => randn(3, 4, 1), () => randn(3, 1, 6)),
        ["batches that differ"] = (() => randn(2, 1, 4, 5), () => randn(3, 5, 6)),
        ["large"] = (() => randn(2, 70, 70), () => randn(2, 70, 70)),
        ["double precision"] = (() => randn(2, 4, 5, float64), () => randn(2, 5, 6, float64)),
    };

    public static TheoryData<string> Pairs => [.. _pairs.Keys];

    public BatchedProductTests() => manual_seed(4);

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Matmul_HoweverItLies_IsTheSumOfProducts_AndSoAreItsDerivatives(string name)
    {
        var (a, b) = (_pairs[name].First().requires_grad_(), _pairs[name].Second().requires_grad_());
        var (found, expected) = (Derivatives(a.matmul(b), a, b), Derivatives((a.unsqueeze(-1) * b.unsqueeze(-3)).sum([-2L]), a, b));

        Assert.All(found.Zip(expected), pair =>
        {
            Assert.Equal(pair.Second.shape, pair.First.shape);
            Assert.True(pair.First.allclose(pair.Second, 1e-3, 1e-4), $"{name}: {(pair.First - pair.Second).abs().max().item<double>()}");
        });
    }

    [Fact]
    public void Matmul_WithoutGradients_RecordsNothing()
    {
        var (a, b) = (randn(2, 4, 5).requires_grad_(), randn(2, 5, 6));
        using (no_grad())
        {
            Assert.False(a.matmul(b).requires_grad);
        }

        Assert.True(a.matmul(b).requires_grad);
        Assert.False(a.detach().matmul(b).requires_grad);
    }

    [Fact]
    public void Matmul_OfNothing_HasItsShape()
    {
        Assert.Equal([0L, 4, 6], zeros([0L, 4, 5]).matmul(zeros([0L, 5, 6])).shape);
        Assert.Equal(new float[48], zeros([2L, 4, 0]).matmul(zeros([2L, 0, 6])).data<float>().ToArray());
    }

    // The product itself, the gradients of what its square adds up to, and gradients of these.
    private static IReadOnlyList<Tensor> Derivatives(Tensor product, Tensor a, Tensor b)
    {
        var first = autograd.grad([product.square().sum()], [a, b], retain_graph: true, create_graph: true);
        var second = autograd.grad([first[0].sum() + first[1].square().sum()], [a, b]);
        return [.. new[] { product, first[0], first[1], second[0], second[1] }.Select(tensor => tensor.detach().type(float64))];
    }

    // Queries, keys and values in one tensor, as attention has them: [batch, heads, tokens, width].
    private static Tensor Heads(int which) => randn(2, 6, 3 * 3 * 4).reshape(2, 6, 3, 3, 4).permute(2, 0, 3, 1, 4).select(0, which);
}
