using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // What the graph records of this tensor.
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Fact(Native.ts_requires_grad(Handle));
            set => Native.ts_set_requires_grad(this, value).Check();
        }

        public bool is_leaf => Fact(Native.ts_is_leaf(Handle));

        public Tensor requires_grad_(bool requires_grad = true) => Done(Native.ts_set_requires_grad(this, requires_grad));

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => Native.ts_retain_grad(this).Check();

        /// <summary>The same elements, outside the graph.</summary>
        public Tensor detach() => Native.ts_detach(this);

        public Tensor detach_() => Done(Native.ts_detach_(this));

        /// <summary>Accumulates the gradient of this one element in the leaves that it was computed from.</summary>
        public void backward() => autograd.backward(this, (Tensor[]?)null);
    }
}
