"""Functional forms, modules and losses. Order as in FunctionalCases.cs, ModuleCases.cs and LossCases.cs."""
import torch
import torch.nn.functional as fn

from inputs import F, I, P, V

TARGET = I([2, 0, 1])
IGNORED = I([2, -100, 1])
SKIPPED = I([2, 0, 1])
WEIGHT = V([0.5, 2.0, 1.25], grad=False)
HITS = V([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]], grad=False)
SIGNS = V([1.0, -1.0, 1.0], grad=False)


def embed(**settings):
    return lambda w, i: fn.embedding(i, w, **settings)


def shares(x):
    """Rows that sum to one, as a target distribution."""
    return x / x.sum(-1, keepdim=True)


CASES = [
    ("linear", lambda x, w, b: fn.linear(x, w, b), [F(2, 3), F(4, 3), F(4)]),
    ("linear_no_bias", lambda x, w: fn.linear(x, w), [F(2, 2, 3), F(4, 3)]),
    ("layer_norm", lambda x, w, b: fn.layer_norm(x, (4,), w, b), [F(2, 3, 4), F(4), F(4)]),
    ("layer_norm_plain", lambda x: fn.layer_norm(x, (3, 4), eps=0.1), [F(2, 3, 4)]),
    ("layer_norm_weight", lambda x, w: fn.layer_norm(x, (4,), w), [F(3, 4), F(4)]),
    ("conv2d", lambda x, w, b: fn.conv2d(x, w, b), [F(1, 2, 4, 4), F(2, 2, 3, 3), F(2)]),
    ("conv2d_stride", lambda x, w: fn.conv2d(x, w, stride=(2, 1)), [F(1, 1, 5, 4), F(2, 1, 2, 2)]),
    ("conv2d_padding", lambda x, w: fn.conv2d(x, w, padding=(1, 2)), [F(1, 1, 3, 3), F(2, 1, 3, 3)]),
    ("conv2d_dilation", lambda x, w: fn.conv2d(x, w, dilation=(2, 1)), [F(1, 1, 5, 4), F(1, 1, 2, 2)]),
    ("conv2d_groups", lambda x, w, b: fn.conv2d(x, w, b, groups=2), [F(1, 4, 3, 3), F(4, 2, 2, 2), F(4)]),
    ("conv2d_patches", lambda x, w, b: fn.conv2d(x, w, b, stride=2), [F(2, 1, 4, 4), F(3, 1, 2, 2), F(3)]),
    ("softplus", lambda x: fn.softplus(x, 2.0, 1.5), [F(3, 4)]),
    ("softplus_plain", lambda x: fn.softplus(x), [F(3, 4)]),
    ("dropout_off", lambda x: fn.dropout(x, 0.5, False), [F(2, 3)]),
    ("dropout_zero", lambda x: fn.dropout(x, 0.0, True), [F(2, 3)]),
    ("dropout_one", lambda x: fn.dropout(x, 1.0, True), [F(2, 3)]),
    ("one_hot", lambda i: fn.one_hot(i), [I([1, 0, 3])]),
    ("one_hot_classes", lambda i: fn.one_hot(i, 5), [I([1, 0, 3])]),
    ("pad", lambda x: fn.pad(x, (1, 2)), [F(2, 3)]),
    ("pad_one", lambda x: fn.pad(x, (1, 1)), [F(2, 3)]),
    ("pad_value", lambda x: fn.pad(x, (1, 0, 2, 1), value=1.5), [F(2, 3)]),
    ("pad_reflect", lambda x: fn.pad(x, (1, 2), mode="reflect"), [F(2, 3)]),
    ("pad_replicate", lambda x: fn.pad(x, (1, 2), mode="replicate"), [F(2, 3)]),
    ("pad_circular", lambda x: fn.pad(x, (1, 2), mode="circular"), [F(1, 2, 3)]),
    ("upsample_size", lambda x: fn.interpolate(x, (5, 3), mode="bilinear", align_corners=False), [F(1, 2, 3, 2)]),
    ("upsample_size_aligned", lambda x: fn.interpolate(x, (5, 3), mode="bilinear", align_corners=True), [F(1, 2, 3, 2)]),
    ("upsample_scale", lambda x: fn.interpolate(x, scale_factor=(2.0, 1.5), mode="bilinear", align_corners=False), [F(1, 1, 3, 4)]),
    ("cosine_similarity", lambda x, y: fn.cosine_similarity(x, y), [F(2, 3), F(2, 3)]),
    ("cosine_similarity_dim", lambda x, y: fn.cosine_similarity(x, y, dim=0, eps=1e-6), [F(2, 3), F(2, 3)]),
    ("module_linear", lambda x, w, b: fn.linear(x, w, b), [F(2, 3), F(4, 3), F(4)]),
    ("module_embedding", embed(), [F(4, 3), I([[3, 0], [3, 1]])]),
    ("module_embedding_padding", embed(padding_idx=0), [F(4, 3), I([[3, 0], [3, 1]])]),
    ("module_embedding_frequency", embed(scale_grad_by_freq=True), [F(4, 3), I([[3, 0], [3, 1]])]),
    ("module_embedding_max_norm", lambda w, i: fn.embedding(i, w.clone(), max_norm=1.0), [F(4, 3, grad=False), I([[3, 0], [3, 1]])]),
    ("module_softmax", lambda x: x.softmax(1), [F(2, 3)]),
    ("module_identity", lambda x: x, [F(2, 3)]),
    ("module_sequential", lambda x, w, b: fn.gelu(fn.linear(x, w, b)), [F(2, 3), F(4, 3), F(4)]),
    ("cross_entropy", lambda x, t: fn.cross_entropy(x, t), [F(3, 3), TARGET]),
    ("cross_entropy_sum", lambda x, t: fn.cross_entropy(x, t, reduction="sum"), [F(3, 3), TARGET]),
    ("cross_entropy_none", lambda x, t: fn.cross_entropy(x, t, reduction="none"), [F(3, 3), TARGET]),
    ("cross_entropy_weight", lambda x, t, w: fn.cross_entropy(x, t, w), [F(3, 3), TARGET, WEIGHT]),
    ("cross_entropy_ignore_default", lambda x, t: fn.cross_entropy(x, t), [F(3, 3), IGNORED]),
    ("cross_entropy_ignore", lambda x, t: fn.cross_entropy(x, t, ignore_index=0), [F(3, 3), SKIPPED]),
    ("cross_entropy_smooth", lambda x, t: fn.cross_entropy(x, t, label_smoothing=0.1), [F(3, 3), TARGET]),
    ("cross_entropy_smooth_weight", lambda x, t, w: fn.cross_entropy(x, t, w, label_smoothing=0.1), [F(3, 3), TARGET, WEIGHT]),
    ("cross_entropy_shares", lambda x, t: fn.cross_entropy(x, t), [F(2, 3), V([[0.5, 0.25, 0.25], [0.0, 0.75, 0.25]])]),
    ("cross_entropy_pixels", lambda x, t: fn.cross_entropy(x, t), [F(1, 3, 2, 2), I([[[0, 2], [1, 1]]])]),
    ("nll", lambda x, t: fn.nll_loss(x.log_softmax(1), t), [F(3, 3), TARGET]),
    ("nll_sum_weight", lambda x, t, w: fn.nll_loss(x.log_softmax(1), t, w, reduction="sum"), [F(3, 3), TARGET, WEIGHT]),
    ("bce", lambda x, t: fn.binary_cross_entropy(x.sigmoid(), t), [F(2, 3), HITS]),
    ("bce_weight_sum", lambda x, t, w: fn.binary_cross_entropy(x.sigmoid(), t, w, reduction="sum"),
     [F(2, 3), HITS, WEIGHT]),
    ("bce_logits", lambda x, t: fn.binary_cross_entropy_with_logits(x, t), [F(2, 3), P(2, 3)]),
    ("bce_logits_sum", lambda x, t: fn.binary_cross_entropy_with_logits(x, t, reduction="sum"), [F(2, 3), P(2, 3)]),
    ("bce_logits_none", lambda x, t: fn.binary_cross_entropy_with_logits(x, t, reduction="none"), [F(2, 3), P(2, 3)]),
    ("bce_logits_weight", lambda x, t, w: fn.binary_cross_entropy_with_logits(x, t, w), [F(2, 3), P(2, 3), WEIGHT]),
    ("bce_logits_pos_weights", lambda x, t, w: fn.binary_cross_entropy_with_logits(x, t, pos_weight=w), [F(2, 3), P(2, 3), WEIGHT]),
    ("mse", lambda x, y: fn.mse_loss(x, y), [F(2, 3), F(2, 3)]),
    ("mse_sum", lambda x, y: fn.mse_loss(x, y, reduction="sum"), [F(2, 3), F(2, 3)]),
    ("mse_none", lambda x, y: fn.mse_loss(x, y, reduction="none"), [F(2, 3), F(2, 3)]),
    ("l1", lambda x, y: fn.l1_loss(x, y), [F(2, 3), F(2, 3)]),
    ("l1_none", lambda x, y: fn.l1_loss(x, y, reduction="none"), [F(2, 3), F(2, 3)]),
    ("smooth_l1", lambda x, y: fn.smooth_l1_loss(x, y), [F(2, 3), F(2, 3)]),
    ("smooth_l1_beta_sum", lambda x, y: fn.smooth_l1_loss(x, y, reduction="sum", beta=0.5), [F(2, 3), F(2, 3)]),
    ("kl_div", lambda x, y: fn.kl_div(x.log_softmax(1), shares(y)), [F(2, 3), P(2, 3)]),
    ("kl_div_sum", lambda x, y: fn.kl_div(x.log_softmax(1), shares(y), reduction="sum"), [F(2, 3), P(2, 3)]),
    ("kl_div_log", lambda x, y: fn.kl_div(x.log_softmax(1), y.log_softmax(1), log_target=True), [F(2, 3), F(2, 3)]),
    ("kl_div_log_none", lambda x, y: fn.kl_div(x.log_softmax(1), y.log_softmax(1), reduction="none", log_target=True), [F(2, 3), F(2, 3)]),
    ("cosine_embedding", lambda x, y, s: fn.cosine_embedding_loss(x, y, s), [F(3, 4), F(3, 4), SIGNS]),
    ("cosine_embedding_margin", lambda x, y, s: fn.cosine_embedding_loss(x, y, s, margin=0.25, reduction="sum"), [F(3, 4), F(3, 4), SIGNS]),
]
