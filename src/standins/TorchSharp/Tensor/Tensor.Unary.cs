using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Element-wise functions of one tensor: [*] to [*].
    public partial class Tensor
    {
        public Tensor abs() => Native.ts_abs(this);

        public Tensor abs_() => Done(Native.ts_abs_(this));

        public Tensor neg() => Native.ts_neg(this);

        public Tensor neg_() => Done(Native.ts_neg_(this));

        public Tensor exp() => Native.ts_exp(this);

        public Tensor exp_() => Done(Native.ts_exp_(this));

        public Tensor expm1() => Native.ts_expm1(this);

        public Tensor expm1_() => Done(Native.ts_expm1_(this));

        public Tensor log() => Native.ts_log(this);

        public Tensor log_() => Done(Native.ts_log_(this));

        public Tensor log1p() => Native.ts_log1p(this);

        public Tensor log1p_() => Done(Native.ts_log1p_(this));

        public Tensor log2() => Native.ts_log2(this);

        public Tensor log2_() => Done(Native.ts_log2_(this));

        public Tensor sqrt() => Native.ts_sqrt(this);

        public Tensor sqrt_() => Done(Native.ts_sqrt_(this));

        public Tensor rsqrt() => Native.ts_rsqrt(this);

        public Tensor rsqrt_() => Done(Native.ts_rsqrt_(this));

        public Tensor reciprocal() => Native.ts_reciprocal(this);

        public Tensor reciprocal_() => Done(Native.ts_reciprocal_(this));

        public Tensor sin() => Native.ts_sin(this);

        public Tensor sin_() => Done(Native.ts_sin_(this));

        public Tensor cos() => Native.ts_cos(this);

        public Tensor cos_() => Done(Native.ts_cos_(this));

        public Tensor tanh() => Native.ts_tanh(this);

        public Tensor tanh_() => Done(Native.ts_tanh_(this));

        public Tensor sigmoid() => Native.ts_sigmoid(this);

        public Tensor sigmoid_() => Done(Native.ts_sigmoid_(this));

        public Tensor relu() => Native.ts_relu(this);

        public Tensor relu_() => Done(Native.ts_relu_(this));

        public Tensor silu() => Native.ts_silu(this);

        public Tensor silu_() => Done(Native.ts_silu_(this));

        public Tensor erf() => Native.ts_erf(this);

        public Tensor erf_() => Done(Native.ts_erf_(this));

        public Tensor floor() => Native.ts_floor(this);

        public Tensor floor_() => Done(Native.ts_floor_(this));

        public Tensor ceil() => Native.ts_ceil(this);

        public Tensor ceil_() => Done(Native.ts_ceil_(this));

        public Tensor trunc() => Native.ts_trunc(this);

        public Tensor trunc_() => Done(Native.ts_trunc_(this));

        public Tensor sign() => Native.ts_sign(this);

        public Tensor sign_() => Done(Native.ts_sign_(this));

        public Tensor logical_not() => Native.ts_logical_not(this);

        public Tensor logical_not_() => Done(Native.ts_logical_not_(this));

        public Tensor bitwise_not() => Native.ts_bitwise_not(this);

        public Tensor bitwise_not_() => Done(Native.ts_bitwise_not_(this));

        public Tensor square() => Native.ts_square(this);

        public Tensor gelu() => Native.ts_gelu(this);

        public Tensor isnan() => Native.ts_isnan(this);

        public Tensor isinf() => Native.ts_isinf(this);

        public Tensor isfinite() => Native.ts_isfinite(this);

        /// <summary>Rounds to so many decimals, halves to even.</summary>
        public Tensor round(long decimals = 0) => Native.ts_round(this, decimals);

        public Tensor round_(long decimals = 0) => Done(Native.ts_round_(this, decimals));

        // In-place operations give the tensor itself back, so that they chain.
        private Tensor Done(Status status)
        {
            status.Check();
            return this;
        }
    }
}
