using TorchSharp.Interop;

namespace TorchSharp.Modules;

/// <summary>Moving averages of a parameter's gradient and of its square; shared by Adam and AdamW.</summary>
internal sealed class AdamState : ParameterState
{
    private readonly torch.Tensor _average;
    private readonly torch.Tensor _square;
    private readonly torch.Tensor? _maximum;

    internal AdamState(Parameter parameter, bool amsgrad)
        : base(parameter)
    {
        _average = Zeros();
        _square = Zeros();
        _maximum = amsgrad ? Zeros() : null;
    }

    internal override torch.Tensor?[] Tensors => [_average, _square, _maximum];

    /// <summary>One step of a whole group in a single native call.</summary>
    internal static void Step(Parameter[] parameters, ParameterState[] states, in AdamSettings settings)
    {
        var list = new TensorList(parameters, nameof(parameters));
        var (averages, squares, maxima) = (new nint[states.Length], new nint[states.Length], new nint[states.Length]);
        var steps = new long[states.Length];
        for (var i = 0; i < states.Length; i++)
        {
            var state = (AdamState)states[i];
            steps[i] = ++state.StepCount;
            averages[i] = state._average.Handle;
            squares[i] = state._square.Handle;
            maxima[i] = state._maximum?.Handle ?? 0;
        }

        var status = Native.ts_adam_step(list.Handles, averages, squares, maxima, steps, states.Length, settings);
        GC.KeepAlive(list);
        GC.KeepAlive(states);
        status.Check();
    }

    private protected override void RequireFit(torch.Tensor?[] saved)
    {
        for (var i = 0; i < saved.Length; i++)
        {
            OptimizerHelper.Expect($"presence of moving average {i}", Tensors[i] is not null, saved[i] is not null);
        }
    }

    private protected override void Restore(torch.Tensor?[] saved)
    {
        foreach (var (own, value) in Tensors.Zip(saved))
        {
            own?.copy_(value!);
        }
    }
}
