using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.BadInput;

/// <summary>Disposed tensors, generators, modules and parameters where reflection does not reach: lists, spans, indices, objects.</summary>
internal static class HandleAttempts
{
    private const string Empty = "empty handle";

    private static readonly long[] _first = [0];

    public static readonly Attempt[] All =
    [
        new("disposed, indexer", Empty, () => Gone()[0].Dispose()),
        new("disposed, indexer by tensor", Empty, () => ones(2)[Gone()].Dispose()),
        new("disposed, TensorIndex", Empty, () => ones(2)[TensorIndex.Tensor(Gone())].Dispose()),
        new("disposed, assigned value", Empty, () => ones(2)[0] = Gone()),
        new("disposed, assigned to", Empty, () => Gone()[0] = ones(1)),
        new("disposed, shape", Empty, () => GC.KeepAlive(Gone().shape)),
        new("disposed, device", Empty, () => GC.KeepAlive(Gone().device)),
        new("disposed, device_index", Empty, () => GC.KeepAlive(Gone().device_index)),
        new("disposed, requires_grad", Empty, () => Gone().requires_grad = true),
        new("disposed, bytes", Empty, () => GC.KeepAlive(Gone().bytes.Length)),
        new("disposed, bytes assigned", Empty, () => Gone().bytes = new byte[4]),
        new("disposed, data", Empty, () => Gone().data<float>().ToArray()),
        new("disposed after data was taken", Empty, DataOutlivesItsTensor),
        new("disposed, sum over a span", Empty, () => Gone().sum(_first.AsSpan())),
        new("disposed, amax over a span", Empty, () => Gone().amax(_first.AsSpan())),
        new("disposed, amin over a span", Empty, () => Gone().amin(_first.AsSpan())),
        new("disposed, std over a span", Empty, () => Gone().std(_first.AsSpan())),
        new("disposed, var over a span", Empty, () => Gone().var(_first.AsSpan())),
        new("disposed, expand to a span", Empty, () => Gone().expand(_first.AsSpan())),
        new("disposed, in cat", Empty, () => cat([ones(1), Gone()])),
        new("disposed, in stack", Empty, () => stack([ones(1), Gone()])),
        new("disposed, in einsum", Empty, () => einsum("i,i->", ones(1), Gone())),
        new("disposed, output of grad", Empty, () => autograd.grad([Gone()], [ones(1)])),
        new("disposed, input of grad", Empty, () => autograd.grad([ones(1, requires_grad: true).exp()], [Gone()])),
        new("disposed, cotangent of grad", Empty, () => autograd.grad([ones(1, requires_grad: true).exp()], [ones(1)], [Gone()])),
        new("disposed, backward", Empty, () => autograd.backward([Gone()])),
        new("disposed, Parameter", Empty, () => Parameter(Gone())),
        new("disposed, into a module", Empty, () => Linear(1, 1).call(Gone())),
        new("disposed, into Sequential", Empty, () => Sequential(ReLU()).call(Gone())),
        new("disposed module", Empty, () => Disposed(Linear(1, 1)).call(ones(1, 1))),
        new("disposed weights loaded", Empty, () => Sequential(ReLU(), Linear(1, 1, hasBias: false)).load_state_dict(new() { ["1.weight"] = Gone() })),
        new("disposed, loss target", Empty, () => CrossEntropyLoss().call(ones(1, 2), Gone())),
        new("disposed, loss weight", Empty, () => functional.cross_entropy(ones(1, 2), zeros(1, int64), Gone())),
        new("disposed parameter, clipped", Empty, () => utils.clip_grad_norm_([Disposed(Parameter(ones(1)))], 1)),
        new("disposed parameter, stepped", Empty, StepAfterDisposal),
        new("disposed generator", Empty, () => rand(2, generator: Disposed(new Generator(1)))),
        new("disposed generator, seeded", Empty, () => Disposed(new Generator(1)).manual_seed(1)),
        new("disposed generator, state", Empty, () => Disposed(new Generator(1)).get_state()),
    ];

    private static Tensor Gone() => Disposed(ones(2));

    private static T Disposed<T>(T value)
        where T : IDisposable
    {
        value.Dispose();
        return value;
    }

    private static void DataOutlivesItsTensor()
    {
        var tensor = ones(2);
        var data = tensor.data<float>();
        tensor.Dispose();
        data.ToArray();
    }

    private static void StepAfterDisposal()
    {
        var parameter = Parameter(ones(1));
        using var optimizer = optim.SGD([parameter], 0.1);
        parameter.sum().backward();
        parameter.Dispose();
        optimizer.step();
    }
}
