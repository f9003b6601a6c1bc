using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Steps along the gradient, with momentum if asked for; as torch.optim.SGD.</summary>
    public class SGD : OptimizerHelper, torch.optim.IMomentum
    {
        private readonly Options _defaults;

        public SGD(
            IEnumerable<Parameter> parameters,
            double lr,
            double momentum = 0,
            double dampening = 0,
            double weight_decay = 0,
            bool nesterov = false,
            bool maximize = false)
            : this([new ParamGroup(parameters)], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        /// <exception cref="ArgumentException">A setting is out of its range.</exception>
        public SGD(
            IEnumerable<ParamGroup> parameters,
            double lr,
            double momentum = 0,
            double dampening = 0,
            double weight_decay = 0,
            bool nesterov = false,
            bool maximize = false)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            if (nesterov && (momentum <= 0 || dampening != 0))
            {
                throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening.", nameof(nesterov));
            }

            _defaults = new Options
            {
                LearningRate = Ranges.NotNegative(lr),
                momentum = Ranges.NotNegative(momentum),
                dampening = dampening,
                weight_decay = Ranges.NotNegative(weight_decay),
                nesterov = nesterov,
                maximize = maximize,
            };
            foreach (var group in parameters)
            {
                add_param_group(group);
            }
        }

        /// <summary>Of the first group; setting it sets it in all.</summary>
        public double Momentum
        {
            get => ((ParamGroup)Groups[0]).Momentum;
            set => Groups.ForEach(group => ((ParamGroup)group).Momentum = value);
        }

        private protected override OptimizerOptions Defaults => _defaults;

        public override void add_param_group(Modules.ParamGroup param_group) => base.add_param_group(param_group);

        public override torch.Tensor? step(Func<torch.Tensor>? closure = null) => StepGroups(closure);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                DisposeStates();
            }

            base.Dispose(disposing);
        }

        private protected override ParameterState NewState(Parameter parameter, OptimizerOptions options) => new SgdState(parameter);

        private protected override void Step(Parameter[] parameters, ParameterState[] states, OptimizerOptions options)
        {
            var o = (Options)options;
            SgdState.Step(parameters, states, new SgdSettings(
                o.LearningRate!.Value,
                o.momentum!.Value,
                o.dampening!.Value,
                o.weight_decay!.Value,
                o.nesterov == true ? 1 : 0,
                o.maximize == true ? 1 : 0));
        }

        /// <summary>Settings of a group; what is null falls back to the optimizer's.</summary>
        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;

            public Options()
            {
            }

            private protected override double[] Values
            {
                get => [Of(momentum), Of(dampening), Of(weight_decay), Of(nesterov), Of(maximize)];
                set => (momentum, dampening, weight_decay, nesterov, maximize) =
                    (Real(value[0]), Real(value[1]), Real(value[2]), Truth(value[3]), Truth(value[4]));
            }
        }

        /// <summary>Parameters with settings of their own.</summary>
        public class ParamGroup : ParamGroup<Options>, torch.optim.IMomentum
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                : base(parameters, options)
            {
            }

            public ParamGroup(
                IEnumerable<Parameter> parameters,
                double lr = 0.001,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false)
                : base(parameters, new Options
                {
                    LearningRate = Ranges.NotNegative(lr),
                    momentum = Ranges.NotNegative(momentum),
                    dampening = dampening,
                    weight_decay = Ranges.NotNegative(weight_decay),
                    nesterov = nesterov,
                    maximize = maximize,
                })
            {
            }

            internal ParamGroup(IEnumerable<Parameter> parameters)
                : base(parameters)
            {
            }

            public double Momentum
            {
                get => Options.momentum ?? double.NaN;
                set => Options.momentum = Ranges.NotNegative(value);
            }
        }
    }

    /// <summary>The moving average of a parameter's gradient, which its first step brings into being.</summary>
    internal sealed class SgdState(Parameter parameter) : ParameterState(parameter)
    {
        private readonly torch.Tensor?[] _tensors = new torch.Tensor?[1];

        internal override torch.Tensor?[] Tensors => _tensors;

        internal static void Step(Parameter[] parameters, ParameterState[] states, in SgdSettings settings)
        {
            var list = new TensorList(parameters, nameof(parameters));
            var buffers = Array.ConvertAll(states, static state => state.Tensors[0]?.Handle ?? 0);
            var status = Native.ts_sgd_step(list.Handles, buffers, states.Length, settings);
            GC.KeepAlive(list);
            GC.KeepAlive(states);

            // Before the check: what the native half made belongs to us even if it failed later on.
            for (var i = 0; i < states.Length; i++)
            {
                states[i].StepCount++;
                if (states[i].Tensors[0] is null && buffers[i] != 0)
                {
                    states[i].Tensors[0] = new torch.Tensor(buffers[i]).DetachFromDisposeScope();
                }
            }

            status.Check();
        }

        private protected override void RequireFit(torch.Tensor?[] saved)
        {
            // With or without a buffer: it depends on whether a step was taken.
        }

        private protected override void Restore(torch.Tensor?[] saved)
        {
            _tensors[0]?.Dispose();
            _tensors[0] = saved[0] is null ? null : Zeros().copy_(saved[0]!);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static SGD SGD(
                IEnumerable<Parameter> parameters,
                double learningRate,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(
                IEnumerable<(string name, Parameter parameter)> parameters,
                double learningRate,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false) =>
                SGD(
                    parameters.Select(static entry => entry.parameter),
                    learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(
                IEnumerable<Modules.SGD.ParamGroup> parameters,
                double learningRate,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
