"""Views, copies, joins and splits, indexing. Order as in ShapeCases.cs and IndexCases.cs."""
import torch

from inputs import B, F, I, V


def written(function):
    """A case of an operation that writes in place: it works on a copy, which is the result."""
    def run(x, *others):
        copy = x.clone()
        function(copy, *others)
        return copy
    return run


def put(index):
    """index_put_ through assignment."""
    def write(x, value):
        x[index] = value
    return written(write)


CASES = [
    ("view", lambda x: x.view(3, -1), [F(2, 3, 2)]),
    ("reshape", lambda x: x.t().reshape(6), [F(2, 3)]),
    ("view_as", lambda x, y: x.view_as(y), [F(2, 3), F(3, 2, grad=False)]),
    ("flatten", lambda x: x.flatten(), [F(2, 3, 2)]),
    ("flatten_some", lambda x: x.flatten(1, 2), [F(2, 3, 2)]),
    ("ravel", lambda x: x.t().ravel(), [F(2, 3)]),
    ("unflatten", lambda x: x.unflatten(1, (2, 3)), [F(2, 6)]),
    ("squeeze", lambda x: x.squeeze(), [F(2, 1, 3, 1)]),
    ("squeeze_dim", lambda x: x.squeeze(1), [F(2, 1, 3, 1)]),
    ("unsqueeze", lambda x: x.unsqueeze(1), [F(2, 3)]),
    ("transpose", lambda x: x.transpose(0, 2), [F(2, 3, 2)]),
    ("swapaxes", lambda x: x.swapaxes(-1, 0), [F(2, 3, 2)]),
    ("permute", lambda x: x.permute(2, 0, 1), [F(2, 3, 2)]),
    ("movedim", lambda x: x.movedim((0, 1), (2, 0)), [F(2, 3, 4)]),
    ("movedim_one", lambda x: x.movedim(0, -1), [F(2, 3, 4)]),
    ("t", lambda x: x.t(), [F(2, 3)]),
    ("mT", lambda x: x.mT, [F(2, 3, 2)]),
    ("expand", lambda x: x.expand(2, 3, -1), [F(3, 1)]),
    ("expand_size", lambda x: x.expand(3, 4), [F(3, 1)]),
    ("expand_as", lambda x, y: x.expand_as(y), [F(3, 1), F(2, 3, 2, grad=False)]),
    ("broadcast_to", lambda x: x.broadcast_to(2, 3, 2), [F(3, 1)]),
    ("repeat", lambda x: x.repeat(2, 1, 2), [F(2, 3)]),
    ("repeat_interleave", lambda x: x.repeat_interleave(2), [F(2, 2)]),
    ("repeat_interleave_dim", lambda x: x.repeat_interleave(2, dim=1), [F(2, 2)]),
    ("repeat_interleave_tensor", lambda x, r: x.repeat_interleave(r, dim=0), [F(3, 2), I([1, 0, 2])]),
    ("tile", lambda x: x.tile(2, 1, 2), [F(2, 2)]),
    ("flip", lambda x: x.flip(0, 2), [F(2, 3, 2)]),
    ("roll", lambda x: x.roll(2), [F(2, 3)]),
    ("roll_dim", lambda x: x.roll(1, 1), [F(2, 3)]),
    ("roll_dims", lambda x: x.roll((1, -1), (0, 1)), [F(2, 3)]),
    ("roll_dims3", lambda x: x.roll((1, -1, 1), (0, 1, 2)), [F(2, 3, 2)]),
    ("narrow", lambda x: x.narrow(1, 1, 2), [F(2, 4)]),
    ("select", lambda x: x.select(1, -1), [F(2, 3, 2)]),
    ("slice", lambda x: x[:, 1:5:2], [F(2, 6)]),
    ("unfold", lambda x: x.unfold(1, 3, 2), [F(2, 7)]),
    ("as_strided", lambda x: x.as_strided((2, 2), (1, 2), 1), [F(8)]),
    ("contiguous", lambda x: x.t().contiguous(), [F(2, 3)]),
    ("clone", lambda x: x.clone(), [F(2, 3)]),
    ("detach", lambda x: x.detach(), [F(2, 3)]),
    ("copy_", lambda x, y: x.clone().copy_(y), [F(2, 3), F(3)]),
    ("fill_", lambda x: x.clone().fill_(2.5), [F(2, 3)]),
    ("zero_", lambda x: x.clone().zero_(), [F(2, 3)]),
    ("tril", lambda x: x.tril(), [F(3, 3)]),
    ("tril_1", lambda x: x.tril(1), [F(3, 3)]),
    ("triu", lambda x: x.triu(), [F(3, 3)]),
    ("triu_1", lambda x: x.triu(-1), [F(3, 3)]),
    ("diag", lambda x: x.diag(), [F(3, 3)]),
    ("diag_1", lambda x: x.diag(1), [F(2)]),
    ("cat", lambda x, y: torch.cat([x, y], 1), [F(2, 3), F(2, 2)]),
    ("stack", lambda x, y: torch.stack([x, y], 1), [F(2, 3), F(2, 3)]),
    ("hstack", lambda x, y: torch.hstack([x, y]), [F(2, 3), F(2, 2)]),
    ("vstack", lambda x, y: torch.vstack([x, y]), [F(2, 3), F(3)]),
    ("chunk", lambda x: x.chunk(2, 1), [F(2, 5)]),
    ("split", lambda x: x.split(2, 1), [F(2, 5)]),
    ("split_sizes", lambda x: x.split([1, 3, 1], 1), [F(2, 5)]),
    ("unbind", lambda x: x.unbind(1), [F(2, 3)]),
    ("index_select", lambda x, i: x.index_select(1, i), [F(2, 4), I([3, 0, 3])]),
    ("index_add", lambda x, i, s: x.index_add(0, i, s, alpha=0.5), [F(3, 2), I([2, 0, 2]), F(3, 2)]),
    ("index_copy", lambda x, i, s: x.index_copy(0, i, s), [F(3, 2), I([2, 0]), F(2, 2)]),
    ("index_fill", lambda x, i: x.index_fill(1, i, 1.5), [F(2, 3), I([2, 0])]),
    ("gather", lambda x, i: x.gather(1, i), [F(2, 4), I([[3, 0, 3], [1, 1, 2]])]),
    ("scatter", lambda x, i, s: x.scatter(1, i, s), [F(2, 4), I([[3, 0], [1, 2]]), F(2, 2)]),
    ("scatter_add", lambda x, i, s: x.scatter_add(1, i, s), [F(2, 4), I([[3, 3], [1, 2]]), F(2, 2)]),
    ("take_along_dim", lambda x, i: x.take_along_dim(i, 1), [F(2, 4), I([[3, 0], [1, 2]])]),
    ("take_along_flat", lambda x, i: x.take_along_dim(i), [F(2, 4), I([7, 0, 3])]),
    ("masked_select", lambda x, m: x.masked_select(m), [F(2, 3), B([[1, 0, 1], [0, 1, 0]])]),
    ("masked_scatter", lambda x, m, s: x.masked_scatter(m, s), [F(2, 3), B([[1, 0, 1], [0, 1, 0]]), F(4)]),
    ("index_1", lambda x: x[1], [F(2, 3, 2)]),
    ("index_2", lambda x: x[1, -1], [F(2, 3, 2)]),
    ("index_3", lambda x: x[1, 0, 1], [F(2, 3, 2)]),
    ("index_4", lambda x: x[0, 1, 0, 1], [F(1, 2, 1, 2)]),
    ("index_ellipsis", lambda x: x[..., 1], [F(2, 3, 2)]),
    ("index_none", lambda x: x[:, None, 1], [F(2, 3, 2)]),
    ("index_slice", lambda x: x[1:, 0:3:2], [F(2, 4)]),
    ("index_slice_open", lambda x: x[:2, -2:], [F(3, 4)]),
    ("index_bool", lambda x: x[True, 1], [F(2, 3)]),
    ("index_tensor", lambda x, i: x[i], [F(4, 2), I([3, 0, 3])]),
    ("index_tensor_pair", lambda x, i, j: x[i, j], [F(3, 4), I([2, 0, 2]), I([1, 3, 1])]),
    ("index_mask", lambda x, m: x[m], [F(2, 3), B([[1, 0, 1], [0, 1, 0]])]),
    ("index_mixed", lambda x, i: x[:, i, None, ...], [F(2, 3, 2), I([2, 0])]),
    ("put_1", put(1), [F(2, 3), F(3)]),
    ("put_2", put((1, 2)), [F(2, 3), F()]),
    ("put_slice", put((slice(None), slice(1, None))), [F(2, 3), F(2, 2)]),
    ("put_ellipsis", put((..., 0)), [F(2, 3), F(2)]),
    ("put_scalar", written(lambda x: x.__setitem__((slice(None), 1), 2.5)), [F(2, 3)]),
    ("put_tensor", written(lambda x, i, s: x.__setitem__(i, s)), [F(4, 2), I([3, 0]), F(2, 2)]),
    ("put_tensor_scalar", written(lambda x, i: x.__setitem__(i, 1.5)), [F(4, 2), I([3, 0])]),
    ("put_mask_scalar", written(lambda x, m: x.__setitem__(m, -1.5)), [F(2, 3), B([[1, 0, 1], [0, 1, 0]])]),
    ("put_pair", written(lambda x, i, j, s: x.__setitem__((i, j), s)), [F(3, 4), I([2, 0]), I([1, 3]), F(2)]),
]
