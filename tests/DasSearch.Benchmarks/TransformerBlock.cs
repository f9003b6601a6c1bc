using BenchmarkDotNet.Attributes;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DasSearch.Benchmarks;

/// <summary>Forward and backward of one pre-norm Transformer block, every weight and the input with a gradient.</summary>
/// <remarks>
/// "ViLT-B/32" is the real model's block at 241 tokens (40 of text, 200 patches and a class token), one sample;
/// "width 96" is a block of the size that two processor cores can pre-train, a batch of 32.
/// </remarks>
public class TransformerBlock
{
    private Sizes _sizes = null!;
    private Tensor[] _leaves = null!;
    private PyTorchPeer? _peer;

    [Params("ViLT-B/32", "width 96")]
    public string Block { get; set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        _sizes = Block == "width 96" ? new Sizes(96, 4, 32, 64) : new Sizes(768, 12, 1, 241);
        var (width, _, batch, tokens) = _sizes;
        torch.manual_seed(0);
        _leaves =
        [
            Leaf(batch, tokens, width),
            Leaf(width), Leaf(width), Leaf(width), Leaf(width),
            Leaf(3 * width, width), Leaf(3 * width), Leaf(width, width), Leaf(width),
            Leaf(4 * width, width), Leaf(4 * width), Leaf(width, 4 * width), Leaf(width),
        ];
        _peer = PyTorchPeer.IsInstalled ? new PyTorchPeer($"block:{width}:{_sizes.Heads}:{batch}:{tokens}") : null;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        Array.ForEach(_leaves, static leaf => leaf.Dispose());
        _peer?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void PyTorch() => _peer!.Run(1);

    [Benchmark]
    public void TorchSharp()
    {
        using var scope = NewDisposeScope();
        autograd.grad([Forward().sum()], _leaves);
    }

    private static Tensor Leaf(params long[] size) => (randn(size) * 0.02).requires_grad_();

    private Tensor Forward()
    {
        var (width, heads, batch, tokens) = _sizes;
        var size = width / heads;
        var x = _leaves[0];
        var h = F.layer_norm(x, [width], _leaves[1], _leaves[2]);
        var qkv = F.linear(h, _leaves[5], _leaves[6]).reshape(batch, tokens, 3, heads, size).permute(2, 0, 3, 1, 4).unbind();
        var attention = (qkv[0].matmul(qkv[1].transpose(-2, -1)) * Math.Pow(size, -0.5)).softmax(-1);
        h = attention.matmul(qkv[2]).transpose(1, 2).reshape(batch, tokens, width);
        var y = x + F.linear(h, _leaves[7], _leaves[8]);
        h = F.layer_norm(y, [width], _leaves[3], _leaves[4]);
        return y + F.linear(F.gelu(F.linear(h, _leaves[9], _leaves[10])), _leaves[11], _leaves[12]);
    }

    private sealed record Sizes(long Width, long Heads, long Batch, long Tokens);
}
