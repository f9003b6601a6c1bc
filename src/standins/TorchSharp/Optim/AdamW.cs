using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Adam with weights decayed apart from the gradient; Loshchilov and Hutter, arXiv:1711.05101.</summary>
    public class AdamW : OptimizerHelper, torch.optim.IBetas
    {
        private readonly Options _defaults;

        public AdamW(
            IEnumerable<Parameter> parameters,
            double lr = 0.001,
            double beta1 = 0.9,
            double beta2 = 0.999,
            double eps = 1e-08,
            double weight_decay = 0,
            bool amsgrad = false,
            bool maximize = false)
            : this([new ParamGroup(parameters)], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        /// <exception cref="ArgumentException">A setting is out of its range.</exception>
        public AdamW(
            IEnumerable<ParamGroup> parameters,
            double lr = 0.001,
            double beta1 = 0.9,
            double beta2 = 0.999,
            double eps = 1e-08,
            double weight_decay = 0,
            bool amsgrad = false,
            bool maximize = false)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            _defaults = new Options
            {
                LearningRate = Ranges.NotNegative(lr),
                beta1 = Ranges.BelowOne(beta1),
                beta2 = Ranges.BelowOne(beta2),
                eps = Ranges.NotNegative(eps),
                weight_decay = Ranges.NotNegative(weight_decay),
                amsgrad = amsgrad,
                maximize = maximize,
            };
            foreach (var group in parameters)
            {
                add_param_group(group);
            }
        }

        /// <summary>Of the first group; setting them sets them in all.</summary>
        public (double, double) Betas
        {
            get => ((ParamGroup)Groups[0]).Betas;
            set => Groups.ForEach(group => ((ParamGroup)group).Betas = value);
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

        private protected override ParameterState NewState(Parameter parameter, OptimizerOptions options) =>
            new AdamState(parameter, ((Options)options).amsgrad == true);

        private protected override void Step(Parameter[] parameters, ParameterState[] states, OptimizerOptions options)
        {
            var o = (Options)options;
            AdamState.Step(parameters, states, new AdamSettings(
                o.LearningRate!.Value,
                o.beta1!.Value,
                o.beta2!.Value,
                o.eps!.Value,
                o.weight_decay!.Value,
                o.amsgrad == true ? 1 : 0,
                o.maximize == true ? 1 : 0,
                Decoupled: 1));
        }

        /// <summary>Settings of a group; what is null falls back to the optimizer's.</summary>
        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? eps;
            public double? weight_decay;
            public bool? amsgrad;
            public bool? maximize;

            public Options()
            {
            }

            private protected override double[] Values
            {
                get => [Of(beta1), Of(beta2), Of(eps), Of(weight_decay), Of(amsgrad), Of(maximize)];
                set => (beta1, beta2, eps, weight_decay, amsgrad, maximize) =
                    (Real(value[0]), Real(value[1]), Real(value[2]), Real(value[3]), Truth(value[4]), Truth(value[5]));
            }
        }

        /// <summary>Parameters with settings of their own.</summary>
        public class ParamGroup : ParamGroup<Options>, torch.optim.IBetas
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
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1e-08,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false)
                : base(parameters, new Options
                {
                    LearningRate = Ranges.NotNegative(lr),
                    beta1 = Ranges.BelowOne(beta1),
                    beta2 = Ranges.BelowOne(beta2),
                    eps = Ranges.NotNegative(eps),
                    weight_decay = Ranges.NotNegative(weight_decay),
                    amsgrad = amsgrad,
                    maximize = maximize,
                })
            {
            }

            internal ParamGroup(IEnumerable<Parameter> parameters)
                : base(parameters)
            {
            }

            public (double, double) Betas
            {
                get => (Options.beta1 ?? double.NaN, Options.beta2 ?? double.NaN);
                set => (Options.beta1, Options.beta2) = (Ranges.BelowOne(value.Item1), Ranges.BelowOne(value.Item2));
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static AdamW AdamW(
                IEnumerable<Parameter> parameters,
                double lr = 0.001,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1e-08,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(
                IEnumerable<(string name, Parameter parameter)> parameters,
                double lr = 0.001,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1e-08,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false) =>
                new(parameters.Select(static entry => entry.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(
                IEnumerable<Modules.AdamW.ParamGroup> parameters,
                double lr = 0.001,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1e-08,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
