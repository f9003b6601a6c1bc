using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Gradients: accumulated in leaves, or returned.</summary>
    public static class autograd
    {
        /// <summary>The gradients of the outputs (weighted by <paramref name="grad_outputs"/>) with respect to the inputs.</summary>
        /// <returns>One gradient an input; null for an unused input, if that is allowed.</returns>
        public static IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false)
        {
            var from = new TensorList(outputs, nameof(outputs));
            var to = new TensorList(inputs, nameof(inputs));
            var weights = TensorList.OrEmpty(grad_outputs, nameof(grad_outputs));
            var result = Native.ts_grad(
                from.Handles, from.Count, to.Handles, to.Count, weights.Handles, weights.Count, retain_graph, create_graph, allow_unused);
            GC.KeepAlive(from);
            GC.KeepAlive(to);
            GC.KeepAlive(weights);
            return result;
        }

        public static void backward(
            Tensor tensor,
            Tensor? grad_tensor,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            backward(tensor, grad_tensor is null ? null : [grad_tensor], retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            backward([tensor.Given()], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Accumulates gradients in <paramref name="inputs"/>, or in every leaf that the tensors depend on.</summary>
        public static void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            var from = new TensorList(tensors, nameof(tensors));
            var weights = TensorList.OrEmpty(grad_tensors, nameof(grad_tensors));
            var to = TensorList.OrEmpty(inputs, nameof(inputs));
            var retain = retain_graph is { } keep ? (keep ? 1 : 0) : -1;
            var status = Native.ts_backward(
                from.Handles, from.Count, weights.Handles, weights.Count, retain, create_graph, to.Handles, to.Count);
            GC.KeepAlive(from);
            GC.KeepAlive(weights);
            GC.KeepAlive(to);
            status.Check();
        }
    }
}
