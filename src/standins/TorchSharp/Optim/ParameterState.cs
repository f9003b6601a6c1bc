namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter: a count of steps, and tensors of the parameter's shape.</summary>
internal abstract class ParameterState(Parameter parameter) : IDisposable
{
    /// <summary>Steps taken so far.</summary>
    internal long StepCount { get; set; }

    /// <summary>The tensors in a fixed order; null for one that does not exist yet or at all.</summary>
    internal abstract torch.Tensor?[] Tensors { get; }

    public void Dispose()
    {
        foreach (var tensor in Tensors)
        {
            tensor?.Dispose();
        }
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(StepCount);
        foreach (var tensor in Tensors)
        {
            writer.Write(tensor is not null);
            if (tensor is null)
            {
                continue;
            }

            using var own = tensor.cpu();
            writer.Write((int)own.dtype);
            writer.Write(own.numel());
            writer.Write(own.bytes);
        }
    }

    /// <summary>Reads a saved state; the action puts it in place.</summary>
    /// <exception cref="InvalidDataException">The tensors are others, or of another type or size.</exception>
    internal Action Read(BinaryReader reader)
    {
        var steps = reader.ReadInt64();
        var saved = new torch.Tensor?[Tensors.Length];
        for (var i = 0; i < saved.Length; i++)
        {
            if (reader.ReadBoolean())
            {
                saved[i] = ReadTensor(reader);
            }
        }

        RequireFit(saved);
        return () =>
        {
            StepCount = steps;
            Restore(saved);
        };
    }

    /// <exception cref="InvalidDataException">A tensor is there that cannot be, or is missing.</exception>
    private protected abstract void RequireFit(torch.Tensor?[] saved);

    private protected abstract void Restore(torch.Tensor?[] saved);

    /// <summary>Zeros like the parameter, owned by no scope: the state lives as long as the optimizer.</summary>
    private protected torch.Tensor Zeros() => torch.zeros_like(parameter).DetachFromDisposeScope();

    // Type and size are the parameter's, and are compared before memory is asked for.
    private torch.Tensor ReadTensor(BinaryReader reader)
    {
        OptimizerHelper.Expect("element type", (int)parameter.dtype, reader.ReadInt32());
        OptimizerHelper.Expect("number of elements", parameter.numel(), reader.ReadInt64());
        var read = torch.empty(parameter.shape, parameter.dtype);
        reader.BaseStream.ReadExactly(read.bytes);
        return read;
    }
}
