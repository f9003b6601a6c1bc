using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests;

/// <summary>Gradients and the modes that switch them.</summary>
public sealed class AutogradTests
{
    [Fact]
    public void Grad_WithAndWithoutCotangent_IsTheDerivative()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1f, 2, 3 }, requires_grad: true);
        Assert.Equal([2f, 4f, 6f], autograd.grad([x.square().sum()], [x])[0].data<float>().ToArray());
        Assert.Equal([2f, 0f, -6f], autograd.grad([x.square()], [x], [tensor(new[] { 1f, 0, -1 })])[0].data<float>().ToArray());
    }

    [Fact]
    public void Grad_WithCreateGraph_CanBeDifferentiatedAgain()
    {
        using var scope = NewDisposeScope();
        var x = tensor(3f, requires_grad: true);
        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        Assert.Equal(27f, first.item<float>());
        Assert.Equal(18f, autograd.grad([first], [x])[0].item<float>());
    }

    [Fact]
    public void Grad_WithRetainedGraph_RunsTwice()
    {
        using var scope = NewDisposeScope();
        var x = tensor(3f, requires_grad: true);
        var y = x.exp();
        var first = autograd.grad([y], [x], retain_graph: true)[0].item<float>();
        Assert.Equal(first, autograd.grad([y], [x])[0].item<float>());
    }

    [Fact]
    public void Backward_Repeated_AddsUp()
    {
        using var scope = NewDisposeScope();
        var w = Parameter(zeros(2));
        using var optimizer = optim.SGD([w], 1.0);
        (2 * w).sum().backward();
        autograd.backward((3 * w).sum());
        autograd.backward([4 * w], [ones(2)]);
        autograd.backward(5 * w, tensor(new[] { 1f, 0 }));
        optimizer.step();
        Assert.Equal([-14f, -9f], w.data<float>().ToArray());
    }

    [Fact]
    public void Modes_Nested_AreRestored()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
            {
                Assert.True((x * 2).requires_grad);
            }

            using (set_grad_enabled(true))
            {
                Assert.True(is_grad_enabled());
            }

            Assert.False(is_grad_enabled());
        }

        Assert.True(is_grad_enabled());
        Assert.ThrowsAny<InvalidOperationException>(LeaveNoGradByException);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void InferenceMode_WhileOn_MakesTensorsOutsideAutograd()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        Assert.False(is_inference_mode_enabled());
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }

        Assert.False(is_inference_mode_enabled());
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void NoGrad_OnOneThread_LeavesOthersAlone()
    {
        using var guard = no_grad();
        var there = false;
        var thread = new Thread(() => there = is_grad_enabled());
        thread.Start();
        thread.Join();
        Assert.True(there);
    }

    [Fact]
    public void Detach_SharesMemory_AndCutsTheGraph()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var y = (x * 2).detach();
        Assert.False(y.requires_grad);
        var cut = x.detach();
        cut.fill_(5);
        Assert.Equal([5f, 5f], x.data<float>().ToArray());
    }

    [Fact]
    public void RequiresGrad_InEachForm_IsSetAndRead()
    {
        using var scope = NewDisposeScope();
        var x = ones(2);
        x.requires_grad = true;
        Assert.True(x.requires_grad);
        Assert.False(x.requires_grad_(false).requires_grad);
        Assert.True(x.with_requires_grad().requires_grad);
        var y = x * 2;
        y.retain_grad();
        y.sum().backward();
    }

    [Fact]
    public void Gradient_ByFiniteDifferences_AgreesOnAWholeBlock()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (x, w) = (randn(2, 4, dtype: float64, requires_grad: true), randn(4, 4, dtype: float64));
        Tensor Block(Tensor input) => functional.gelu(functional.layer_norm(input.matmul(w), [4])).softmax(-1).square().sum();
        var exact = autograd.grad([Block(x)], [x])[0].data<double>().ToArray();
        const double h = 1e-5;
        for (var i = 0; i < 8; i++)
        {
            var step = zeros(8, float64);
            step[i] = tensor(h);
            var moved = step.view(2, 4);
            var slope = (Block(x.detach() + moved) - Block(x.detach() - moved)).item<double>() / (2 * h);
            Assert.Equal(exact[i], slope, 1e-8);
        }
    }

    private static void LeaveNoGradByException()
    {
        using var guard = no_grad();
        throw new InvalidOperationException("left");
    }
}
