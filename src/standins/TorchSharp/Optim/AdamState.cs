using TorchSharp.Interop;

namespace TorchSharp.Modules;

/// <summary>Moving averages of a parameter's gradient and of its square; shared by Adam and AdamW.</summary>
internal sealed class AdamState(Parameter parameter, bool amsgrad) : ParameterState
{
    private readonly torch.Tensor _average = Zeros(parameter);
    private readonly torch.Tensor _square = Zeros(parameter);
    private readonly torch.Tensor? _maximum = amsgrad ? Zeros(parameter) : null;

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

    private protected override torch.Tensor Make(int index) =>
        throw new InvalidDataException("The optimizer's state does not fit: it was saved with amsgrad, which is off here.");

    private protected override void Drop(int index)
    {
        if (Tensors[index] is not null)
        {
            throw new InvalidDataException("The optimizer's state does not fit: a moving average is missing.");
        }
    }
}
