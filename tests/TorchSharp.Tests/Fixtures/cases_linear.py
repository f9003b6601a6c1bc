"""Products and decompositions. Order as in LinearCases.cs."""
import torch

from inputs import F


def rebuilt(x, full):
    """The factors' product: singular vectors alone are defined up to sign."""
    u, s, vh = torch.linalg.svd(x, full_matrices=full)
    return u[:, :s.numel()] @ torch.diag(s) @ vh[:s.numel()]


CASES = [
    ("matmul", lambda x, y: x @ y, [F(2, 3), F(3, 4)]),
    ("matmul_vectors", lambda x, y: x @ y, [F(3), F(3)]),
    ("matmul_matrix_vector", lambda x, y: x @ y, [F(2, 3), F(3)]),
    ("matmul_batch_broadcast", lambda x, y: x @ y, [F(2, 1, 2, 3), F(3, 3, 2)]),
    ("mm", lambda x, y: x.mm(y), [F(2, 3), F(3, 4)]),
    ("bmm", lambda x, y: x.bmm(y), [F(2, 2, 3), F(2, 3, 2)]),
    ("mv", lambda x, y: x.mv(y), [F(2, 3), F(3)]),
    ("dot", lambda x, y: x.dot(y), [F(3), F(3)]),
    ("outer", lambda x, y: x.outer(y), [F(3), F(2)]),
    ("addmm", lambda c, x, y: torch.addmm(c, x, y), [F(2, 4), F(2, 3), F(3, 4)]),
    ("addmm_scaled", lambda c, x, y: torch.addmm(c, x, y, beta=0.5, alpha=2), [F(4), F(2, 3), F(3, 4)]),
    ("baddbmm", lambda c, x, y: torch.baddbmm(c, x, y), [F(2, 2, 2), F(2, 2, 3), F(2, 3, 2)]),
    ("baddbmm_scaled", lambda c, x, y: torch.baddbmm(c, x, y, beta=0.5, alpha=2), [F(2, 2, 2), F(2, 2, 3), F(2, 3, 2)]),
    ("einsum_matmul", lambda x, y: torch.einsum("ij,jk->ik", x, y), [F(2, 3), F(3, 4)]),
    ("einsum_heads", lambda x, y: torch.einsum("bqhd,bkhd->bhqk", x, y), [F(1, 2, 2, 3), F(1, 3, 2, 3)]),
    ("einsum_trace", lambda x: torch.einsum("ii->", x), [F(3, 3)]),
    ("einsum_three", lambda x, y, z: torch.einsum("i,ij,j->", x, y, z), [F(2), F(2, 3), F(3)]),
    ("svdvals", lambda x: torch.linalg.svdvals(x), [F(4, 3)]),
    ("svd", lambda x: rebuilt(x, False), [F(4, 3)]),
    ("svd_full", lambda x: torch.linalg.svd(x, full_matrices=True)[1], [F(4, 3, grad=False)]),
]
