namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter: a count of steps, and tensors of the parameter's shape.</summary>
internal abstract class ParameterState : IDisposable
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

    /// <exception cref="InvalidDataException">The tensors are of another type or size.</exception>
    internal void Load(BinaryReader reader)
    {
        StepCount = reader.ReadInt64();
        for (var i = 0; i < Tensors.Length; i++)
        {
            if (!reader.ReadBoolean())
            {
                Drop(i);
                continue;
            }

            var tensor = Tensors[i] ?? Make(i);
            OptimizerHelper.Expect("element type", (int)tensor.dtype, reader.ReadInt32());
            OptimizerHelper.Expect("number of elements", tensor.numel(), reader.ReadInt64());
            using var scope = torch.NewDisposeScope();
            var read = torch.empty(tensor.shape, tensor.dtype);
            reader.BaseStream.ReadExactly(read.bytes);
            tensor.copy_(read);
        }
    }

    /// <summary>Brings a tensor into being that the state to be loaded has and this one has not yet.</summary>
    private protected abstract torch.Tensor Make(int index);

    private protected abstract void Drop(int index);

    /// <summary>Zeros like the parameter, owned by no scope: the state lives as long as the optimizer.</summary>
    private protected static torch.Tensor Zeros(torch.Tensor parameter) => torch.zeros_like(parameter).DetachFromDisposeScope();
}
