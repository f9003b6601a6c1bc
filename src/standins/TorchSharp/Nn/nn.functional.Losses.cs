using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What becomes of the losses of single elements.</summary>
        public enum Reduction
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        // Losses: by default the mean over elements.
        public static partial class functional
        {
            /// <summary>Logits [batch, classes, *] against class numbers [batch, *] or class probabilities [batch, classes, *].</summary>
            public static Tensor cross_entropy(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                long ignore_index = -100,
                Reduction reduction = Reduction.Mean,
                double label_smoothing = 0) =>
                Native.ts_cross_entropy(input.Given(), target.Given(), weight, (long)reduction, ignore_index, label_smoothing);

            /// <summary>Log-probabilities [batch, classes, *] against class numbers [batch, *].</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Native.ts_nll_loss(input.Given(), target.Given(), weight, (long)reduction);

            /// <summary>Logits against probabilities, element by element.</summary>
            public static Tensor binary_cross_entropy_with_logits(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean,
                Tensor? pos_weights = null) =>
                Native.ts_bce_with_logits(input.Given(), target.Given(), weight, pos_weights, (long)reduction);

            public static Tensor binary_cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Native.ts_bce(input.Given(), target.Given(), weight, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Native.ts_mse_loss(input.Given(), target.Given(), (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Native.ts_l1_loss(input.Given(), target.Given(), (long)reduction);

            public static Tensor smooth_l1_loss(
                Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1) =>
                Native.ts_smooth_l1_loss(input.Given(), target.Given(), (long)reduction, beta);

            /// <summary>Log-probabilities against log-probabilities, or against probabilities.</summary>
            public static Tensor kl_div(
                Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Native.ts_kl_div(input.Given(), target.Given(), (long)reduction, log_target);

            /// <summary>1 − cos where the target is 1, and max(0, cos − margin) where it is −1.</summary>
            public static Tensor cosine_embedding_loss(
                Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean) =>
                Native.ts_cosine_embedding_loss(input1.Given(), input2.Given(), target.Given(), margin, (long)reduction);
        }
    }
}
