using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Zeroes elements with probability p while training, and nothing in evaluation: [*] to [*].</summary>
    public sealed class Dropout : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly double _p;
        private readonly bool _inplace;

        internal Dropout(double p, bool inplace)
            : base(nameof(Dropout))
        {
            _p = p is >= 0 and <= 1
                ? p
                : throw new ArgumentException($"dropout probability has to be between 0 and 1, but got {p}", nameof(p));
            _inplace = inplace;
        }

        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.dropout(tensor, _p, training, _inplace);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <exception cref="ArgumentException"><paramref name="p"/> is not a probability.</exception>
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}
