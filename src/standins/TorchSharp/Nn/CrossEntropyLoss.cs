using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Cross-entropy of logits [batch, classes, *] with class numbers or probabilities.</summary>
    public sealed class CrossEntropyLoss(
        torch.Tensor? weight = null,
        long? ignore_index = null,
        torch.nn.Reduction reduction = torch.nn.Reduction.Mean,
        double label_smoothing = 0)
        : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>(weight, reduction)
    {
        public long? ignore_index { get; } = ignore_index;

        public double label_smoothing { get; } = label_smoothing;

        public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
            torch.nn.functional.cross_entropy(input, target, weight, ignore_index ?? -100, reduction, label_smoothing);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static CrossEntropyLoss CrossEntropyLoss(
                Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean) =>
                new(weight, ignore_index, reduction);
        }
    }
}
