using TorchSharp.Tests.Support;
using static TorchSharp.Tests.Support.Case;

namespace TorchSharp.Tests.Cases;

/// <summary>Reductions and scans, whole and along dimensions.</summary>
internal static class ReduceCases
{
    private static readonly long[] _firstAndLast = [0, 2];
    private static readonly long[] _allThree = [0, 1, 2];
    private static readonly long[] _first = [0];
    private static readonly long[] _second = [1];
    private static readonly long[] _last = [-1];

    public static readonly Case[] All =
    [
        One("sum", ("sum", x => x.sum()), ("torch.sum", x => torch.sum(x))),
        One("sum_dim", ("sum(dim)", x => x.sum(1)), ("torch.sum(dim)", x => torch.sum(x, 1)), ("sum(long[])", x => x.sum(_second))),
        One("sum_dim_keep", ("sum(dim, keepdim)", x => x.sum(-1, keepdim: true)), ("torch.sum(dim, keepdim)", x => torch.sum(x, -1, keepdim: true))),
        One("sum_dims", ("sum(long[])", x => x.sum(_firstAndLast)), ("sum(span)", x => x.sum(_firstAndLast.AsSpan())), ("sum(dim0, dim1)", x => x.sum(0, 2)),
            ("torch.sum(span)", x => torch.sum(x, _firstAndLast.AsSpan()))),
        One("sum_dims3", ("sum(dim0, dim1, dim2)", x => x.sum(0, 1, 2)), ("sum(long[])", x => x.sum(_allThree))),
        One("sum_dims_keep", ("sum(long[], keepdim)", x => x.sum(_firstAndLast, keepdim: true)), ("sum(dim0, dim1, keepdim)", x => x.sum(0, 2, keepdim: true)),
            ("sum(span, keepdim)", x => x.sum(_firstAndLast.AsSpan(), keepdim: true))),
        One("sum_type", ("sum(type)", x => x.sum(torch.float64)), ("torch.sum(type)", x => torch.sum(x, torch.float64))),
        One("sum_int", ("sum", x => x.sum())),
        One("sum_bool_dim", ("sum(dim)", x => x.sum(1))),
        One("mean", ("mean", x => x.mean()), ("torch.mean", torch.mean)),
        One("mean_dims", ("mean(long[])", x => x.mean(_firstAndLast)), ("torch.mean(long[])", x => torch.mean(x, _firstAndLast))),
        One("mean_dims_keep", ("mean(keepdim)", x => x.mean(_last, keepdim: true)), ("torch.mean(keepdim)", x => torch.mean(x, _last, keepdim: true))),
        One("mean_type", ("mean(type)", x => x.mean(_first, type: torch.float64)), ("torch.mean(type)", x => torch.mean(x, _first, type: torch.float64))),
        One("var", ("var", x => x.var()), ("torch.var", x => torch.var(x))),
        One("var_biased", ("var(biased)", x => x.var(unbiased: false)), ("torch.var(biased)", x => torch.var(x, unbiased: false))),
        One("var_dim", ("var(dim)", x => x.var(1)), ("torch.var(dim)", x => torch.var(x, 1)), ("var(span)", x => x.var(_second.AsSpan()))),
        One("var_dim_biased_keep", ("var(dim, biased)", x => x.var(1, unbiased: false, keepdim: true)),
            ("torch.var(dim, biased)", x => torch.var(x, 1, unbiased: false, keepdim: true))),
        One("var_dims", ("var(long[])", x => x.var(_firstAndLast)), ("var(pair)", x => x.var((0, 2))), ("torch.var(long[])", x => torch.var(x, _firstAndLast)),
            ("torch.var(pair)", x => torch.var(x, (0, 2)))),
        One("var_dims3", ("var(triple)", x => x.var((0, 1, 2))), ("torch.var(triple)", x => torch.var(x, (0, 1, 2)))),
        One("std", ("std", x => x.std()), ("torch.std", x => torch.std(x))),
        One("std_biased", ("std(biased)", x => x.std(unbiased: false)), ("torch.std(biased)", x => torch.std(x, unbiased: false))),
        One("std_dim", ("std(dim)", x => x.std(1)), ("torch.std(dim)", x => torch.std(x, 1)), ("std(span)", x => x.std(_second.AsSpan()))),
        One("std_dim_biased_keep", ("std(dim, biased)", x => x.std(1, unbiased: false, keepdim: true)),
            ("torch.std(dim, biased)", x => torch.std(x, 1, unbiased: false, keepdim: true))),
        One("std_dims", ("std(long[])", x => x.std(_firstAndLast)), ("std(pair)", x => x.std((0, 2))), ("torch.std(long[])", x => torch.std(x, _firstAndLast)),
            ("torch.std(pair)", x => torch.std(x, (0, 2)))),
        One("std_dims3", ("std(triple)", x => x.std((0, 1, 2))), ("torch.std(triple)", x => torch.std(x, (0, 1, 2)))),
        One("max", ("max", x => x.max()), ("torch.max", torch.max)),
        Pair("max_dim", ("max(dim)", x => x.max(1)), ("torch.max(dim)", x => torch.max(x, 1))),
        Pair("max_dim_keep", ("max(dim, keepdim)", x => x.max(0, keepdim: true))),
        One("min", ("min", x => x.min()), ("torch.min", torch.min)),
        Pair("min_dim", ("min(dim)", x => x.min(1)), ("torch.min(dim)", x => torch.min(x, 1))),
        Pair("min_dim_keep", ("min(dim, keepdim)", x => x.min(0, keepdim: true))),
        One("amax", ("amax", x => x.amax(0, 2)), ("amax(long[])", x => x.amax(_firstAndLast, false)), ("amax(span)", x => x.amax(_firstAndLast.AsSpan())),
            ("torch.amax", x => torch.amax(x, _firstAndLast)), ("torch.amax(span)", x => torch.amax(x, _firstAndLast.AsSpan()))),
        One("amax_keep", ("amax(keepdim)", x => x.amax(_second, keepdim: true)), ("torch.amax(keepdim)", x => torch.amax(x, _second, keepdim: true))),
        One("amin", ("amin", x => x.amin(0, 2)), ("amin(long[])", x => x.amin(_firstAndLast, false)), ("amin(span)", x => x.amin(_firstAndLast.AsSpan())),
            ("torch.amin", x => torch.amin(x, _firstAndLast)), ("torch.amin(span)", x => torch.amin(x, _firstAndLast.AsSpan()))),
        One("amin_keep", ("amin(keepdim)", x => x.amin(_second, keepdim: true)), ("torch.amin(keepdim)", x => torch.amin(x, _second, keepdim: true))),
        One("argmax", ("argmax", x => x.argmax()), ("torch.argmax", torch.argmax)),
        One("argmax_dim", ("argmax(dim)", x => x.argmax(1)), ("torch.argmax(dim)", x => torch.argmax(x, 1))),
        One("argmax_dim_keep", ("argmax(dim, keepdim)", x => x.argmax(0, keepdim: true)), ("torch.argmax(dim, keepdim)", x => torch.argmax(x, 0, keepdim: true))),
        One("argmin", ("argmin", x => x.argmin()), ("torch.argmin", torch.argmin)),
        One("argmin_dim", ("argmin(dim)", x => x.argmin(1)), ("torch.argmin(dim)", x => torch.argmin(x, 1))),
        One("argmin_dim_keep", ("argmin(dim, keepdim)", x => x.argmin(0, keepdim: true)), ("torch.argmin(dim, keepdim)", x => torch.argmin(x, 0, keepdim: true))),
        One("all", ("all", x => x.all()), ("torch.all", torch.all)),
        One("all_dim", ("all(dim)", x => x.all(1)), ("torch.all(dim)", x => torch.all(x, 1))),
        One("all_dim_keep", ("all(dim, keepdim)", x => x.all(1, keepdim: true)), ("torch.all(dim, keepdim)", x => torch.all(x, 1, keepdim: true))),
        One("any", ("any", x => x.any()), ("torch.any", torch.any)),
        One("any_dim", ("any(dim)", x => x.any(1)), ("torch.any(dim)", x => torch.any(x, 1))),
        One("any_dim_keep", ("any(dim, keepdim)", x => x.any(1, keepdim: true)), ("torch.any(dim, keepdim)", x => torch.any(x, 1, keepdim: true))),
        One("norm", ("norm", x => x.norm(2f)), ("torch.norm", torch.norm)),
        One("norm_1", ("norm(p)", x => x.norm(1f)), ("torch.norm(p)", x => torch.norm(x, 1f))),
        One("norm_dim", ("norm(dim)", x => x.norm(1)), ("torch.norm(dim)", x => torch.norm(x, 1))),
        One("norm_dim_3_keep", ("norm(dim, keepdim, p)", x => x.norm(0, true, 3f)), ("torch.norm(dim, keepdim, p)", x => torch.norm(x, 0, true, 3f))),
        One("logsumexp", ("logsumexp", x => x.logsumexp(1)), ("torch.logsumexp", x => torch.logsumexp(x, 1))),
        One("logsumexp_keep", ("logsumexp(keepdim)", x => x.logsumexp(0, keepdim: true)), ("torch.logsumexp(keepdim)", x => torch.logsumexp(x, 0, keepdim: true))),
        One("cumsum", ("cumsum", x => x.cumsum(1)), ("torch.cumsum", x => torch.cumsum(x, 1))),
        One("cumsum_type", ("cumsum(type)", x => x.cumsum(0, torch.float64)), ("torch.cumsum(type)", x => torch.cumsum(x, 0, torch.float64))),
        One("median", ("median", x => x.median()), ("torch.median", torch.median)),
        One("count_nonzero", ("count_nonzero", x => x.count_nonzero()), ("torch.count_nonzero", x => torch.count_nonzero(x))),
        One("count_nonzero_dim", ("count_nonzero(long[])", x => x.count_nonzero(_first)), ("torch.count_nonzero(long[])", x => torch.count_nonzero(x, _first))),
    ];
}
