using TorchSharp.Tests.Support;
using static TorchSharp.Tests.Support.Case;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Cases;

/// <summary>Losses as functions and, where one exists, as modules.</summary>
internal static class LossCases
{
    public static readonly Case[] All =
    [
        Two("cross_entropy", ("functional.cross_entropy", (x, t) => functional.cross_entropy(x, t)), ("nn.CrossEntropyLoss", (x, t) => CrossEntropyLoss().call(x, t))),
        Two("cross_entropy_sum", ("functional.cross_entropy(sum)", (x, t) => functional.cross_entropy(x, t, reduction: Reduction.Sum)),
            ("nn.CrossEntropyLoss(sum)", (x, t) => CrossEntropyLoss(reduction: Reduction.Sum).call(x, t))),
        Two("cross_entropy_none", ("functional.cross_entropy(none)", (x, t) => functional.cross_entropy(x, t, reduction: Reduction.None)),
            ("nn.CrossEntropyLoss(none)", (x, t) => CrossEntropyLoss(reduction: Reduction.None).call(x, t))),
        Three("cross_entropy_weight", ("functional.cross_entropy(weight)", (x, t, w) => functional.cross_entropy(x, t, w)),
            ("nn.CrossEntropyLoss(weight)", (x, t, w) => CrossEntropyLoss(w).call(x, t))),
        Two("cross_entropy_ignore_default", ("functional.cross_entropy", (x, t) => functional.cross_entropy(x, t)),
            ("nn.CrossEntropyLoss", (x, t) => CrossEntropyLoss().call(x, t))),
        Two("cross_entropy_ignore", ("functional.cross_entropy(ignore)", (x, t) => functional.cross_entropy(x, t, ignore_index: 0)),
            ("nn.CrossEntropyLoss(ignore)", (x, t) => CrossEntropyLoss(ignore_index: 0).call(x, t))),
        Two("cross_entropy_smooth", ("functional.cross_entropy(smoothing)", (x, t) => functional.cross_entropy(x, t, label_smoothing: 0.1)),
            ("nn.CrossEntropyLoss(smoothing)", (x, t) => new Modules.CrossEntropyLoss(label_smoothing: 0.1).call(x, t))),
        Three("cross_entropy_smooth_weight", ("functional.cross_entropy(weight, smoothing)", (x, t, w) => functional.cross_entropy(x, t, w, label_smoothing: 0.1))),
        Two("cross_entropy_shares", ("functional.cross_entropy(shares)", (x, t) => functional.cross_entropy(x, t))),
        Two("cross_entropy_pixels", ("functional.cross_entropy(pixels)", (x, t) => functional.cross_entropy(x, t))),
        Two("nll", ("functional.nll_loss", (x, t) => functional.nll_loss(x.log_softmax(1), t))),
        Three("nll_sum_weight", ("functional.nll_loss(weight)", (x, t, w) => functional.nll_loss(x.log_softmax(1), t, w, Reduction.Sum))),
        Two("bce", ("functional.binary_cross_entropy", (x, t) => functional.binary_cross_entropy(x.sigmoid(), t))),
        Three("bce_weight_sum", ("functional.binary_cross_entropy(weight)", (x, t, w) => functional.binary_cross_entropy(x.sigmoid(), t, w, Reduction.Sum))),
        Two("bce_logits", ("functional.binary_cross_entropy_with_logits", (x, t) => functional.binary_cross_entropy_with_logits(x, t)),
            ("nn.BCEWithLogitsLoss", (x, t) => BCEWithLogitsLoss().call(x, t))),
        Two("bce_logits_sum", ("functional.binary_cross_entropy_with_logits(sum)", (x, t) => functional.binary_cross_entropy_with_logits(x, t, reduction: Reduction.Sum)),
            ("nn.BCEWithLogitsLoss(sum)", (x, t) => BCEWithLogitsLoss(reduction: Reduction.Sum).call(x, t))),
        Two("bce_logits_none", ("functional.binary_cross_entropy_with_logits(none)", (x, t) => functional.binary_cross_entropy_with_logits(x, t, reduction: Reduction.None))),
        Three("bce_logits_weight", ("functional.binary_cross_entropy_with_logits(weight)", (x, t, w) => functional.binary_cross_entropy_with_logits(x, t, w)),
            ("nn.BCEWithLogitsLoss(weight)", (x, t, w) => BCEWithLogitsLoss(w).call(x, t))),
        Three("bce_logits_pos_weights", ("functional.binary_cross_entropy_with_logits(pos_weights)",
                (x, t, w) => functional.binary_cross_entropy_with_logits(x, t, pos_weights: w)),
            ("nn.BCEWithLogitsLoss(pos_weights)", (x, t, w) => BCEWithLogitsLoss(pos_weights: w).call(x, t))),
        Two("mse", ("functional.mse_loss", (x, y) => functional.mse_loss(x, y)), ("nn.MSELoss", (x, y) => MSELoss().call(x, y))),
        Two("mse_sum", ("functional.mse_loss(sum)", (x, y) => functional.mse_loss(x, y, Reduction.Sum)), ("nn.MSELoss(sum)", (x, y) => MSELoss(Reduction.Sum).call(x, y))),
        Two("mse_none", ("functional.mse_loss(none)", (x, y) => functional.mse_loss(x, y, Reduction.None)), ("nn.MSELoss(none)", (x, y) => MSELoss(Reduction.None).call(x, y))),
        Two("l1", ("functional.l1_loss", (x, y) => functional.l1_loss(x, y))),
        Two("l1_none", ("functional.l1_loss(none)", (x, y) => functional.l1_loss(x, y, Reduction.None))),
        Two("smooth_l1", ("functional.smooth_l1_loss", (x, y) => functional.smooth_l1_loss(x, y))),
        Two("smooth_l1_beta_sum", ("functional.smooth_l1_loss(beta)", (x, y) => functional.smooth_l1_loss(x, y, Reduction.Sum, 0.5))),
        Two("kl_div", ("functional.kl_div", (x, y) => functional.kl_div(x.log_softmax(1), Shares(y), log_target: false)),
            ("nn.KLDivLoss", (x, y) => KLDivLoss(log_target: false).call(x.log_softmax(1), Shares(y)))),
        Two("kl_div_sum", ("functional.kl_div(sum)", (x, y) => functional.kl_div(x.log_softmax(1), Shares(y), log_target: false, Reduction.Sum)),
            ("nn.KLDivLoss(sum)", (x, y) => KLDivLoss(false, Reduction.Sum).call(x.log_softmax(1), Shares(y)))),
        Two("kl_div_log", ("functional.kl_div(log)", (x, y) => functional.kl_div(x.log_softmax(1), y.log_softmax(1))),
            ("nn.KLDivLoss(log)", (x, y) => KLDivLoss().call(x.log_softmax(1), y.log_softmax(1)))),
        Two("kl_div_log_none", ("functional.kl_div(log, none)", (x, y) => functional.kl_div(x.log_softmax(1), y.log_softmax(1), true, Reduction.None))),
        Three("cosine_embedding", ("functional.cosine_embedding_loss", (x, y, s) => functional.cosine_embedding_loss(x, y, s))),
        Three("cosine_embedding_margin", ("functional.cosine_embedding_loss(margin)", (x, y, s) => functional.cosine_embedding_loss(x, y, s, 0.25, Reduction.Sum))),
    ];

    private static Tensor Shares(Tensor x) => x / x.sum(-1, keepdim: true);
}
