using TorchSharp.Interop;

namespace TorchSharp;

// The functions of Tensor.Unary.cs, called as torch.f(x).
public static partial class torch
{
    public static Tensor abs(Tensor input) => input.Given().abs();

    public static Tensor abs_(Tensor input) => input.Given().abs_();

    public static Tensor bitwise_not(Tensor input) => input.Given().bitwise_not();

    public static Tensor bitwise_not_(Tensor input) => input.Given().bitwise_not_();

    public static Tensor ceil(Tensor input) => input.Given().ceil();

    public static Tensor ceil_(Tensor input) => input.Given().ceil_();

    public static Tensor cos(Tensor input) => input.Given().cos();

    public static Tensor cos_(Tensor input) => input.Given().cos_();

    public static Tensor erf(Tensor input) => input.Given().erf();

    public static Tensor erf_(Tensor input) => input.Given().erf_();

    public static Tensor exp(Tensor input) => input.Given().exp();

    public static Tensor exp_(Tensor input) => input.Given().exp_();

    public static Tensor expm1(Tensor input) => input.Given().expm1();

    public static Tensor expm1_(Tensor input) => input.Given().expm1_();

    public static Tensor floor(Tensor input) => input.Given().floor();

    public static Tensor floor_(Tensor input) => input.Given().floor_();

    public static Tensor isfinite(Tensor tensor) => tensor.Given().isfinite();

    public static Tensor isinf(Tensor tensor) => tensor.Given().isinf();

    public static Tensor isnan(Tensor input) => input.Given().isnan();

    public static Tensor log(Tensor input) => input.Given().log();

    public static Tensor log1p(Tensor input) => input.Given().log1p();

    public static Tensor log1p_(Tensor input) => input.Given().log1p_();

    public static Tensor log2(Tensor input) => input.Given().log2();

    public static Tensor log2_(Tensor input) => input.Given().log2_();

    public static Tensor log_(Tensor input) => input.Given().log_();

    public static Tensor logical_not(Tensor input) => input.Given().logical_not();

    public static Tensor neg(Tensor input) => input.Given().neg();

    public static Tensor neg_(Tensor input) => input.Given().neg_();

    public static Tensor reciprocal(Tensor input) => input.Given().reciprocal();

    public static Tensor reciprocal_(Tensor input) => input.Given().reciprocal_();

    public static Tensor round(Tensor input, long decimals = 0) => input.Given().round(decimals);

    public static Tensor round_(Tensor input, long decimals = 0) => input.Given().round_(decimals);

    public static Tensor rsqrt(Tensor input) => input.Given().rsqrt();

    public static Tensor rsqrt_(Tensor input) => input.Given().rsqrt_();

    public static Tensor sigmoid(Tensor input) => input.Given().sigmoid();

    public static Tensor sigmoid_(Tensor input) => input.Given().sigmoid_();

    public static Tensor sign(Tensor input) => input.Given().sign();

    public static Tensor sign_(Tensor input) => input.Given().sign_();

    public static Tensor sin(Tensor input) => input.Given().sin();

    public static Tensor sin_(Tensor input) => input.Given().sin_();

    public static Tensor sqrt(Tensor input) => input.Given().sqrt();

    public static Tensor sqrt_(Tensor input) => input.Given().sqrt_();

    public static Tensor square(Tensor input) => input.Given().square();

    public static Tensor tanh(Tensor input) => input.Given().tanh();

    public static Tensor tanh_(Tensor input) => input.Given().tanh_();

    public static Tensor trunc(Tensor input) => input.Given().trunc();

    public static Tensor trunc_(Tensor input) => input.Given().trunc_();
}
