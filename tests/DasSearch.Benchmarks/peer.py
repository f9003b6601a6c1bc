"""The PyTorch side of the benchmarks: does a piece of work so many times whenever it is asked to.

usage: peer.py WORK THREADS     WORK is small-operation, or block:WIDTH:HEADS:BATCH:TOKENS
Reads a number a line, does the work that many times, and answers "done".
"""
import sys

import torch
import torch.nn.functional as F


def small_operation():
    a, b = torch.rand(16), torch.rand(16)

    def work(times):
        with torch.no_grad():
            for _ in range(times):
                a + b

    return work


def block(width, heads, batch, tokens):
    """Forward and backward of a pre-norm Transformer block, every weight and the input with a gradient."""
    torch.manual_seed(0)

    def leaf(*size):
        return (torch.randn(*size) * 0.02).requires_grad_()

    x = leaf(batch, tokens, width)
    ln1w, ln1b, ln2w, ln2b = (leaf(width) for _ in range(4))
    qkvw, qkvb, projw, projb = leaf(3 * width, width), leaf(3 * width), leaf(width, width), leaf(width)
    fc1w, fc1b, fc2w, fc2b = leaf(4 * width, width), leaf(4 * width), leaf(width, 4 * width), leaf(width)
    leaves = [x, ln1w, ln1b, ln2w, ln2b, qkvw, qkvb, projw, projb, fc1w, fc1b, fc2w, fc2b]
    size = width // heads

    def work(times):
        for _ in range(times):
            h = F.layer_norm(x, (width,), ln1w, ln1b)
            q, k, v = F.linear(h, qkvw, qkvb).reshape(batch, tokens, 3, heads, size).permute(2, 0, 3, 1, 4).unbind(0)
            attention = (q @ k.transpose(-2, -1) * size**-0.5).softmax(-1)
            h = (attention @ v).transpose(1, 2).reshape(batch, tokens, width)
            y = x + F.linear(h, projw, projb)
            h = F.layer_norm(y, (width,), ln2w, ln2b)
            y = y + F.linear(F.gelu(F.linear(h, fc1w, fc1b)), fc2w, fc2b)
            torch.autograd.grad([y.sum()], leaves)

    return work


def main():
    name, *sizes = sys.argv[1].split(":")
    torch.set_num_threads(int(sys.argv[2]))
    work = {"small-operation": small_operation, "block": block}[name](*map(int, sizes))
    print("ready", flush=True)
    for line in sys.stdin:
        work(int(line))
        print("done", flush=True)


main()
