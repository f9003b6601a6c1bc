using TorchSharp.Tests.Support;
using static TorchSharp.Tests.Support.Case;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Cases;

/// <summary>Element-wise operations of one tensor, and conversions.</summary>
internal static class UnaryCases
{
    public static readonly Case[] All =
    [
        Unary("abs", x => x.abs(), torch.abs, x => x.abs_(), torch.abs_),
        Unary("neg", x => x.neg(), torch.neg, x => x.neg_(), torch.neg_),
        Unary("exp", x => x.exp(), torch.exp, x => x.exp_(), torch.exp_),
        Unary("expm1", x => x.expm1(), torch.expm1, x => x.expm1_(), torch.expm1_),
        Unary("log", x => x.log(), torch.log, x => x.log_(), torch.log_),
        Unary("log1p", x => x.log1p(), torch.log1p, x => x.log1p_(), torch.log1p_),
        Unary("log2", x => x.log2(), torch.log2, x => x.log2_(), torch.log2_),
        Unary("sqrt", x => x.sqrt(), torch.sqrt, x => x.sqrt_(), torch.sqrt_),
        Unary("rsqrt", x => x.rsqrt(), torch.rsqrt, x => x.rsqrt_(), torch.rsqrt_),
        One("square", ("square", x => x.square()), ("torch.square", torch.square)),
        Unary("reciprocal", x => x.reciprocal(), torch.reciprocal, x => x.reciprocal_(), torch.reciprocal_),
        Unary("sin", x => x.sin(), torch.sin, x => x.sin_(), torch.sin_),
        Unary("cos", x => x.cos(), torch.cos, x => x.cos_(), torch.cos_),
        One("tanh", ("tanh", x => x.tanh()), ("torch.tanh", torch.tanh), ("tanh_", x => x.clone().tanh_()),
            ("torch.tanh_", x => torch.tanh_(x.clone())), ("nn.Tanh", x => Apply(Tanh(), x))),
        One("sigmoid", ("sigmoid", x => x.sigmoid()), ("torch.sigmoid", torch.sigmoid), ("sigmoid_", x => x.clone().sigmoid_()),
            ("torch.sigmoid_", x => torch.sigmoid_(x.clone())), ("nn.Sigmoid", x => Apply(Sigmoid(), x))),
        Unary("erf", x => x.erf(), torch.erf, x => x.erf_(), torch.erf_),
        One("relu", ("relu", x => x.relu()), ("relu_", x => x.clone().relu_()), ("functional.relu", x => functional.relu(x)),
            ("functional.relu(inplace)", x => functional.relu(x.clone(), inplace: true)),
            ("nn.ReLU", x => Apply(ReLU(), x)), ("nn.ReLU(inplace)", x => Apply(ReLU(inplace: true), x.clone()))),
        One("gelu", ("gelu", x => x.gelu()), ("functional.gelu", functional.gelu), ("nn.GELU", x => Apply(GELU(), x))),
        One("silu", ("silu", x => x.silu()), ("silu_", x => x.clone().silu_()), ("nn.SiLU", x => Apply(SiLU(), x))),
        Unary("floor", x => x.floor(), torch.floor, x => x.floor_(), torch.floor_),
        Unary("ceil", x => x.ceil(), torch.ceil, x => x.ceil_(), torch.ceil_),
        Unary("round", x => x.round(), x => torch.round(x), x => x.round_(), x => torch.round_(x)),
        One("round_decimals", ("round(decimals)", x => x.round(1)), ("torch.round(decimals)", x => torch.round(x, 1)),
            ("round_(decimals)", x => x.clone().round_(1)), ("torch.round_(decimals)", x => torch.round_(x.clone(), 1))),
        Unary("trunc", x => x.trunc(), torch.trunc, x => x.trunc_(), torch.trunc_),
        Unary("sign", x => x.sign(), torch.sign, x => x.sign_(), torch.sign_),
        One("isnan", ("isnan", x => x.isnan()), ("torch.isnan", torch.isnan)),
        One("isinf", ("isinf", x => x.isinf()), ("torch.isinf", torch.isinf)),
        One("isfinite", ("isfinite", x => x.isfinite()), ("torch.isfinite", torch.isfinite)),
        One("logical_not", ("logical_not", x => x.logical_not()), ("torch.logical_not", torch.logical_not),
            ("logical_not_", x => x.clone().logical_not_())),
        One("bitwise_not", ("bitwise_not", x => x.bitwise_not()), ("torch.bitwise_not", torch.bitwise_not), ("op_OnesComplement", x => ~x),
            ("bitwise_not_", x => x.clone().bitwise_not_()), ("torch.bitwise_not_", x => torch.bitwise_not_(x.clone()))),
        One("bitwise_not_bool", ("bitwise_not", x => x.bitwise_not()), ("op_OnesComplement", x => ~x)),
        One("clamp", ("clamp", x => x.clamp(-0.5, 1.0)), ("torch.clamp", x => torch.clamp(x, -0.5, 1.0)),
            ("clamp_", x => x.clone().clamp_(-0.5, 1.0)), ("torch.clamp_", x => torch.clamp_(x.clone(), -0.5, 1.0))),
        One("clamp_low", ("clamp(min)", x => x.clamp(min: -0.5)), ("clamp_min", x => x.clamp_min(-0.5)),
            ("torch.clamp_min", x => torch.clamp_min(x, -0.5)), ("clamp_min_", x => x.clone().clamp_min_(-0.5)),
            ("torch.clamp_min_", x => torch.clamp_min_(x.clone(), -0.5))),
        One("clamp_high", ("clamp(max)", x => x.clamp(max: 1.0)), ("clamp_max", x => x.clamp_max(1.0)),
            ("torch.clamp_max", x => torch.clamp_max(x, 1.0)), ("clamp_max_", x => x.clone().clamp_max_(1.0)),
            ("torch.clamp_max_", x => torch.clamp_max_(x.clone(), 1.0))),
        One("to_int64", ("long", x => x.@long()), ("type", x => x.type(torch.int64)), ("torch.as_tensor", x => torch.as_tensor(x, torch.int64))),
        One("to_int32", ("int", x => x.@int()), ("type", x => x.type(torch.int32))),
        One("to_int16", ("type", x => x.type(torch.int16))),
        One("to_int8", ("type", x => x.type(torch.int8))),
        One("to_uint8", ("byte", x => x.@byte()), ("type", x => x.type(torch.uint8))),
        One("to_bool", ("bool", x => x.@bool()), ("type", x => x.type(torch.@bool))),
        One("to_float32", ("float", x => x.@float()), ("type", x => x.type(torch.float32)),
            ("type_as", x => x.type_as(torch.zeros(1, torch.float32)))),
        One("to_float64", ("double", x => x.@double()), ("type", x => x.type(torch.float64)), ("cpu", x => x.@double().cpu())),
        One("to_half_and_back", ("type", x => x.type(torch.float16).type(torch.float32))),
        One("to_bfloat16_and_back", ("type", x => x.type(torch.bfloat16).type(torch.float32))),
    ];

    private static torch.Tensor Apply(Module<torch.Tensor, torch.Tensor> module, torch.Tensor x)
    {
        using (module)
        {
            return module.call(x);
        }
    }
}
