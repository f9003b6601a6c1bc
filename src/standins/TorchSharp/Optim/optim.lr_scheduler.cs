namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Learning rates that change with the step.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>Multiplies every group's initial rate by a function of the step.</summary>
            public static LRScheduler LambdaLR(
                Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new impl.LambdaLR(optimizer, lr_lambda, last_epoch, verbose);

            /// <summary>Sets the rates of an optimizer's groups, the first time when it is made.</summary>
            public abstract class LRScheduler
            {
                private readonly Optimizer _optimizer;
                private readonly bool _verbose;

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    _optimizer = optimizer;
                    _verbose = verbose;
                    LastEpoch = last_epoch;
                }

                private protected int LastEpoch { get; private set; }

                private protected IEnumerable<ILearningRateController> Groups => _optimizer.ParamGroups;

                /// <summary>On to the next step.</summary>
                public virtual void step() => step(null);

                /// <summary>To a given step, or the next.</summary>
                public virtual void step(int? epoch)
                {
                    LastEpoch = epoch ?? LastEpoch + 1;
                    foreach (var (group, rate) in Groups.Zip(get_lr().ToArray()))
                    {
                        group.LearningRate = rate;
                        if (_verbose)
                        {
                            System.Diagnostics.Trace.WriteLine($"Learning rate of step {LastEpoch}: {rate}.");
                        }
                    }
                }

                /// <summary>The rates in force, group by group.</summary>
                public IEnumerable<double> get_last_lr() => Groups.Select(static group => group.LearningRate);

                protected abstract IEnumerable<double> get_lr();
            }

            public static partial class impl
            {
                /// <summary>As <see cref="lr_scheduler.LambdaLR"/>.</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly Func<int, double>[] _lambdas;

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer?.ParamGroups.Select(_ => lr_lambda) ?? [], last_epoch, verbose)
                    {
                    }

                    /// <exception cref="ArgumentException">There is not one function a group.</exception>
                    public LambdaLR(
                        Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _lambdas = [.. lr_lambdas];
                        var groups = optimizer.ParamGroups.Count();
                        if (_lambdas.Length != groups || Array.Exists(_lambdas, static lambda => lambda is null))
                        {
                            throw new ArgumentException(
                                $"Expected {groups} functions, one a group, got {_lambdas.Length}.", nameof(lr_lambdas));
                        }

                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        Groups.Zip(_lambdas, (group, lambda) => group.InitialLearningRate * lambda(LastEpoch));
                }
            }
        }
    }
}
