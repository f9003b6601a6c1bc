using TorchSharp.Tests.Support;
using static TorchSharp.Tests.Support.Case;

namespace TorchSharp.Tests.Cases;

/// <summary>Products and decompositions.</summary>
internal static class LinearCases
{
    public static readonly Case[] All =
    [
        Two("matmul", ("matmul", (x, y) => x.matmul(y)), ("torch.matmul", torch.matmul)),
        Two("matmul_vectors", ("matmul", (x, y) => x.matmul(y))),
        Two("matmul_matrix_vector", ("matmul", (x, y) => x.matmul(y))),
        Two("matmul_batch_broadcast", ("matmul", (x, y) => x.matmul(y)), ("torch.matmul", torch.matmul)),
        Two("mm", ("mm", (x, y) => x.mm(y)), ("torch.mm", torch.mm)),
        Two("bmm", ("bmm", (x, y) => x.bmm(y)), ("torch.bmm", torch.bmm)),
        Two("mv", ("mv", (x, y) => x.mv(y)), ("torch.mv", torch.mv)),
        Two("dot", ("dot", (x, y) => x.dot(y)), ("torch.dot", torch.dot)),
        Two("outer", ("outer", (x, y) => x.outer(y)), ("torch.outer", torch.outer)),
        Three("addmm", ("addmm", (c, x, y) => c.addmm(x, y)), ("torch.addmm", (c, x, y) => torch.addmm(c, x, y, 1, 1))),
        Three("addmm_scaled", ("addmm(beta, alpha)", (c, x, y) => c.addmm(x, y, 0.5f, 2f)), ("torch.addmm(beta, alpha)", (c, x, y) => torch.addmm(c, x, y, 0.5f, 2f))),
        Three("baddbmm", ("baddbmm", (c, x, y) => c.baddbmm(x, y)), ("torch.baddbmm", (c, x, y) => torch.baddbmm(c, x, y))),
        Three("baddbmm_scaled", ("baddbmm(beta, alpha)", (c, x, y) => c.baddbmm(x, y, 0.5f, 2f)),
            ("torch.baddbmm(beta, alpha)", (c, x, y) => torch.baddbmm(c, x, y, 0.5f, 2f))),
        Two("einsum_matmul", ("torch.einsum", (x, y) => torch.einsum("ij,jk->ik", x, y))),
        Two("einsum_heads", ("torch.einsum", (x, y) => torch.einsum("bqhd,bkhd->bhqk", x, y))),
        One("einsum_trace", ("torch.einsum", x => torch.einsum("ii->", x))),
        Three("einsum_three", ("torch.einsum", (x, y, z) => torch.einsum("i,ij,j->", x, y, z))),
        One("svdvals", ("linalg.svdvals", torch.linalg.svdvals)),
        One("svd", ("linalg.svd", x => Rebuilt(torch.linalg.svd(x, fullMatrices: false)))),
        One("svd_full", ("linalg.svd(full)", x => torch.linalg.svd(x).Item2)),
    ];

    private static torch.Tensor Rebuilt((torch.Tensor U, torch.Tensor S, torch.Tensor Vh) factors) =>
        factors.U.matmul(factors.S.diag()).matmul(factors.Vh);
}
