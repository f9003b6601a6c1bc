using TorchSharp.Tests.Support;
using static TorchSharp.Tests.Support.Case;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Cases;

/// <summary>Softmax and what orders or picks elements.</summary>
internal static class OrderCases
{
    public static readonly Case[] All =
    [
        One("softmax", ("softmax", x => x.softmax(1)), ("torch.softmax", x => torch.softmax(x, 1)), ("functional.softmax", x => functional.softmax(x, 1))),
        One("softmax_type", ("softmax(type)", x => x.softmax(0, torch.float64)), ("torch.softmax(type)", x => torch.softmax(x, 0, torch.float64)),
            ("functional.softmax(type)", x => functional.softmax(x, 0, torch.float64))),
        One("softmax_large", ("softmax", x => x.softmax(-1)), ("functional.softmax", x => functional.softmax(x, -1))),
        One("log_softmax", ("log_softmax", x => x.log_softmax(1)), ("functional.log_softmax", x => functional.log_softmax(x, 1))),
        One("log_softmax_type", ("log_softmax(type)", x => x.log_softmax(0, torch.float64))),
        Pair("sort", ("sort", x => x.sort()), ("torch.sort", x => torch.sort(x))),
        Pair("sort_descending", ("sort(descending)", x => x.sort(0, descending: true)), ("torch.sort(descending)", x => torch.sort(x, 0, descending: true))),
        Pair("sort_stable", ("sort(stable)", x => x.sort(stable: true))),
        One("argsort", ("argsort", x => x.argsort()), ("torch.argsort", x => torch.argsort(x))),
        One("argsort_descending", ("argsort(descending)", x => x.argsort(0, descending: true)), ("torch.argsort(descending)", x => torch.argsort(x, 0, descending: true))),
        Pair("topk", ("topk", x => x.topk(2)), ("torch.topk", x => torch.topk(x, 2))),
        Pair("topk_smallest", ("topk(smallest)", x => x.topk(2, dim: 0, largest: false)), ("torch.topk(smallest)", x => torch.topk(x, 2, dim: 0, largest: false))),
        One("nonzero", ("nonzero", x => x.nonzero()), ("torch.nonzero", torch.nonzero)),
        Raw("unique", ("unique", a => Three(a[0].unique(return_inverse: true, return_counts: true)))),
        Raw("unique_dim", ("unique(dim)", a => Three(a[0].unique(return_inverse: true, return_counts: true, dim: 0)))),
    ];

    private static torch.Tensor[] Three((torch.Tensor, torch.Tensor?, torch.Tensor?) outputs) => [outputs.Item1, outputs.Item2!, outputs.Item3!];
}
