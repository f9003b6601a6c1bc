using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.BadInput;

/// <summary>Wrong input to functional forms, modules, optimizers, autograd, draws and threads.</summary>
internal static class NeuralAttempts
{
    public static readonly Attempt[] All =
    [
        new("linear, inner sizes", "cannot be multiplied", () => functional.linear(ones(2, 3), ones(4, 2))),
        new("linear, null weight", "", () => functional.linear(ones(2, 3), null!)),
        new("layer_norm, other shape", "normalized_shape", () => functional.layer_norm(ones(2, 3), [4])),
        new("layer_norm, null shape", "", () => functional.layer_norm(ones(2, 3), null!)),
        new("conv2d, channels", "channels", () => functional.conv2d(ones(1, 2, 4, 4), ones(1, 3, 2, 2))),
        new("conv2d, groups", "groups", () => functional.conv2d(ones(1, 3, 4, 4), ones(1, 3, 2, 2), groups: 2)),
        new("conv2d, kernel larger than input", "kernel size", () => functional.conv2d(ones(1, 1, 2, 2), ones(1, 1, 3, 3))),
        new("conv2d, stride of zero", "stride", () => functional.conv2d(ones(1, 1, 2, 2), ones(1, 1, 1, 1), strides: [0, 0])),
        new("dropout, p above one", "probability", () => functional.dropout(ones(2), 1.5)),
        new("dropout, p negative", "probability", () => functional.dropout(ones(2), -0.1)),
        new("one_hot, class out of range", "class", () => functional.one_hot(full(1, 7, int64), 3)),
        new("one_hot of floats", "index tensor", () => functional.one_hot(ones(1))),
        new("pad, odd length", "pad", () => functional.pad(ones(2, 2), new long[] { 1 })),
        new("pad, reflect too far", "pad", () => functional.pad(ones(1, 2), (3, 3), PaddingModes.Reflect)),
        new("upsample, no size", "", () => functional.upsample_bilinear(ones(1, 1, 2, 2))),
        new("upsample, three dimensions", "", () => functional.upsample_bilinear(ones(1, 2, 2), size: [4, 4])),
        new("upsample, size of zero", "", () => functional.upsample_bilinear(ones(1, 1, 2, 2), size: [0, 4])),
        new("cross_entropy, batch sizes", "batch_size", () => functional.cross_entropy(ones(2, 3), zeros(3, int64))),
        new("cross_entropy, target out of range", "out of bounds", () => functional.cross_entropy(ones(1, 3), full(1, 5, int64))),
        new("cross_entropy, weights of another type", "", () => functional.cross_entropy(ones(2, 3), zeros(2, int64), ones(3, float64))),
        new("cross_entropy, weights of another length", "weight", () => functional.cross_entropy(ones(2, 3), zeros(2, int64), ones(4))),
        new("cross_entropy, smoothing above one", "label_smoothing", () => functional.cross_entropy(ones(2, 3), zeros(2, int64), label_smoothing: 1.5)),
        new("nll_loss, float target", "Long", () => functional.nll_loss(ones(2, 3), ones(2))),
        new("mse_loss, shapes", "must match", () => functional.mse_loss(ones(2), ones(3))),
        new("bce, input above one", "between 0 and 1", () => functional.binary_cross_entropy(full(2, 2.0), ones(2))),
        new("bce_with_logits, shapes", "size", () => functional.binary_cross_entropy_with_logits(ones(2), ones(3))),
        new("kl_div, null target", "", () => functional.kl_div(ones(2), null!)),
        new("Linear, negative size", "negative", () => Linear(-1, 2)),
        new("Linear, wrong input", "cannot be multiplied", () => Linear(3, 2).call(ones(1, 4))),
        new("Linear, null input", "", () => Linear(3, 2).call(null!)),
        new("Linear on a missing GPU", "cuda", () => Linear(3, 2, device: new Device(DeviceType.CUDA, 0))),
        new("Embedding, float indices", "Long", () => Embedding(3, 2).call(ones(1))),
        new("Embedding, index out of range", "out of range", () => Embedding(3, 2).call(full(1, 9, int64))),
        new("Embedding, negative size", "negative", () => Embedding(-3, 2)),
        new("Embedding, padding out of range", "padding", () => Embedding(3, 2, padding_idx: 5)),
        new("Dropout, p above one", "probability", () => Dropout(1.5)),
        new("Softmax, dimension out of range", "Dimension out of range", () => Softmax(4).call(ones(2))),
        new("Parameter, null data", "", () => Parameter(null!)),
        new("Parameter of integers", "floating point", () => Parameter(ones(2, int64))),
        new("get_parameter, unknown", "", () => Must(Linear(1, 1).get_parameter("nothing"))),
        new("SGD, null parameters", "", () => optim.SGD((IEnumerable<Modules.Parameter>)null!, 0.1)),
        new("SGD, nesterov without momentum", "momentum", () => optim.SGD([Parameter(ones(1))], 0.1, nesterov: true)),
        new("AdamW, negative rate", "lr", () => optim.AdamW([Parameter(ones(1))], -1)),
        new("Adam, beta of one", "beta", () => optim.Adam([Parameter(ones(1))], beta1: 1.0)),
        new("clip_grad_norm_, null list", "", () => utils.clip_grad_norm_(null!, 1)),
        new("init.xavier_uniform_, vector", "2 dimensions", () => init.xavier_uniform_(ones(3))),
        new("init.eye_, vector", "matri", () => init.eye_(ones(3))),
        new("init.uniform_, null", "", () => init.uniform_(null!)),
        new("backward, several elements", "scalar", () => ones(2, requires_grad: true).mul(2).backward()),
        new("backward, nothing requires it", "does not require grad", () => ones(1).sum().backward()),
        new("backward, twice", "second time", BackwardTwice),
        new("grad, unused input", "not have been used", () => autograd.grad([ones(1, requires_grad: true).mul(2)], [ones(1, requires_grad: true)])),
        new("grad, cotangent of another shape", "shape", () => autograd.grad([ones(2, requires_grad: true).mul(2)], [ones(2, requires_grad: true)], [ones(3)])),
        new("grad, null outputs", "", () => autograd.grad(null!, [ones(1)])),
        new("normal_, negative deviation", "std", () => ones(2).normal_(0, -1)),
        new("uniform_, wrong way", "from", () => ones(2).uniform_(1, 0)),
        new("random_, empty interval", "from", () => ones(2).random_(5, 5)),
        new("exponential_, negative rate", "lambda", () => ones(2).exponential_(-1)),
        new("bernoulli_, p above one", "p", () => ones(2).bernoulli_(1.5)),
        new("bernoulli, p above one", "p", () => full(2, 1.5).bernoulli()),
        new("multinomial, negative weights", "prob", () => multinomial(tensor(new[] { -1f, 2f }), 1)),
        new("multinomial, too many samples", "sample", () => multinomial(ones(3), 4)),
        new("multinomial, no samples", "sample", () => multinomial(ones(3), 0)),
        new("multinomial of integers", "", () => multinomial(ones(3, int64), 1)),
        new("Generator, wrong state", "state", () => new Generator().set_state(zeros(3, uint8))),
        new("Generator, state of floats", "", () => new Generator().set_state(zeros(5056))),
        new("Generator, null state", "", () => new Generator().set_state(null!)),
        new("set_rng_state, wrong length", "state", () => set_rng_state(zeros(3, uint8))),
        new("Generator on a missing GPU", "", () => Must(new Generator(1, new Device(DeviceType.CUDA, 0)))),
        new("set_num_threads, zero", "thread", () => set_num_threads(0)),
        new("set_num_threads, negative", "thread", () => set_num_threads(-2)),
        new("set_num_interop_threads, zero", "thread", () => set_num_interop_threads(0)),
        new("InitializeDeviceType, no GPU", "", () => InitializeDeviceType(DeviceType.CUDA)),
        new("LambdaLR, null optimizer", "optimizer", () => optim.lr_scheduler.LambdaLR(null!, _ => 1)),
        new("load_state_dict, null", "", () => Linear(1, 1).load_state_dict(null!)),
    ];

    private static void BackwardTwice()
    {
        var loss = ones(2, requires_grad: true).exp().sum();
        loss.backward();
        loss.backward();
    }

    /// <summary>Refuses null: some getters answer an unknown name with nothing.</summary>
    private static void Must(object? value) => ArgumentNullException.ThrowIfNull(value);
}
