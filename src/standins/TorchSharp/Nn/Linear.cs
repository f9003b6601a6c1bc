using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>x · weightᵀ + bias: [*, in] to [*, out].</summary>
    public sealed class Linear : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private Parameter _weight;
        private Parameter? _bias;

        internal Linear(long inputSize, long outputSize, bool hasBias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(Linear))
        {
            _weight = new Parameter(torch.empty(outputSize, inputSize, dtype, device));
            torch.nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));
            SetParameter(nameof(weight), _weight);
            if (hasBias)
            {
                var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                _bias = new Parameter(torch.empty(outputSize, dtype, device));
                torch.nn.init.uniform_(_bias, -bound, bound);
                SetParameter(nameof(bias), _bias);
            }
        }

        /// <summary>[out, in].</summary>
        public Parameter weight
        {
            get => _weight;
            set
            {
                value.Given();
                _weight = value;
                SetParameter(nameof(weight), value);
            }
        }

        /// <summary>[out], or null.</summary>
        public Parameter? bias
        {
            get => _bias;
            set
            {
                _bias = value;
                SetParameter(nameof(bias), value);
            }
        }

        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.linear(tensor, _weight, _bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <param name="inputSize">Width of the input.</param>
            /// <param name="outputSize">Width of the output.</param>
            /// <param name="hasBias">Whether a bias is learnt.</param>
            /// <param name="device">Where the parameters live; the CPU by default.</param>
            /// <param name="dtype">Their type; the default floating type by default.</param>
            public static Linear Linear(
                long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);
        }
    }
}
