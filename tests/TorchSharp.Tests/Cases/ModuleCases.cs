using TorchSharp.Modules;
using TorchSharp.Tests.Support;
using static TorchSharp.Tests.Support.Case;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Cases;

/// <summary>Modules that hold parameters: each puts its parameter in the input's place, so that gradients are read there.</summary>
internal static class ModuleCases
{
    public static readonly Case[] All =
    [
        Raw("module_linear", ("nn.Linear", a => Call(Prepared(a, 1), a[0]))),
        Raw("module_embedding", ("nn.Embedding", a =>
            {
                var module = Embedding(4, 3, dtype: a[0].dtype);
                module.weight = Parameter(a[0].detach().clone());
                return Looked(module, a);
            }),
            ("nn.Embedding_from_pretrained", a => Looked(Embedding_from_pretrained(a[0].detach().clone(), freeze: false), a))),
        Raw("module_embedding_padding", ("nn.Embedding_from_pretrained(padding)",
            a => Looked(Embedding_from_pretrained(a[0].detach().clone(), freeze: false, padding_idx: 0), a))),
        Raw("module_embedding_frequency", ("nn.Embedding_from_pretrained(frequency)",
            a => Looked(Embedding_from_pretrained(a[0].detach().clone(), freeze: false, scale_grad_by_freq: true), a))),
        Raw("module_embedding_max_norm", ("nn.Embedding_from_pretrained(max_norm)",
            a => Looked(Embedding_from_pretrained(a[0].detach().clone(), max_norm: 1.0), a))),
        One("module_softmax", ("nn.Softmax", x => Call(Softmax(1), x)[0])),
        One("module_identity", ("nn.Identity", x => Call(Identity(), x)[0])),
        Raw("module_sequential",
            ("nn.Sequential", a => Call(Sequential(Prepared(a, 1), GELU()), a[0])),
            ("nn.Sequential(names)", a => Call(Sequential(("first", Prepared(a, 1)), ("second", GELU())), a[0])),
            ("nn.Sequential(append)", a => Call(Sequential().append(Prepared(a, 1)).append("last", GELU()), a[0])),
            ("nn.ModuleList", a => Chained(ModuleList<Module<Tensor, Tensor>>(Prepared(a, 1), GELU()), list => list, a[0])),
            ("nn.ModuleDict", a => Chained(ModuleDict<Module<Tensor, Tensor>>(("first", Prepared(a, 1)), ("second", GELU())), dict => dict.values(), a[0]))),
    ];

    /// <summary>A Linear(3, 4) with the weight and bias given from <paramref name="first"/> on.</summary>
    private static Linear Prepared(Tensor[] a, int first)
    {
        var module = Linear(3, 4, dtype: a[0].dtype);
        module.weight = Parameter(a[first].detach().clone());
        module.bias = Parameter(a[first + 1].detach().clone());
        a[first] = module.weight;
        a[first + 1] = module.bias;
        return module;
    }

    private static Tensor[] Looked(Embedding module, Tensor[] a)
    {
        a[0] = module.weight;
        return [module.call(a[1])];
    }

    private static Tensor[] Call(Module<Tensor, Tensor> module, Tensor x) => [module.call(x)];

    private static Tensor[] Chained<TContainer>(TContainer container, Func<TContainer, IEnumerable<Module<Tensor, Tensor>>> parts, Tensor x) =>
        [parts(container).Aggregate(x, (value, part) => part.call(value))];
}
