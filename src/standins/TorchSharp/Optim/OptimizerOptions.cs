namespace TorchSharp.Modules;

/// <summary>Settings of one group of parameters; what is null falls back to the optimizer's own.</summary>
public abstract class OptimizerOptions
{
    public OptimizerOptions()
    {
    }

    public double? LearningRate { get; set; }

    /// <summary>What a scheduler multiplies.</summary>
    public double InitialLearningRate { get; set; }

    /// <summary>The settings in a fixed order, nulls filled in, for checkpoints.</summary>
    private protected abstract double[] Values { get; set; }

    internal void Save(BinaryWriter writer)
    {
        var values = Values;
        writer.Write(values.Length + 2);
        writer.Write(LearningRate ?? double.NaN);
        writer.Write(InitialLearningRate);
        Array.ForEach(values, writer.Write);
    }

    /// <summary>Reads saved settings; the action puts them in place.</summary>
    /// <exception cref="InvalidDataException">The checkpoint holds another number of settings.</exception>
    internal Action Read(BinaryReader reader)
    {
        var values = Values;
        OptimizerHelper.Expect("number of settings a group", values.Length + 2, reader.ReadInt32());
        var (rate, initialRate) = (reader.ReadDouble(), reader.ReadDouble());
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadDouble();
        }

        return () => (LearningRate, InitialLearningRate, Values) = (rate, initialRate, values);
    }

    /// <summary>Takes over from the defaults what is still null.</summary>
    internal void FillFrom(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        InitialLearningRate = LearningRate ?? 0;
        var (own, fallback) = (Values, defaults.Values);
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = double.IsNaN(own[i]) ? fallback[i] : own[i];
        }

        Values = own;
    }

    private protected static double Of(double? value) => value ?? double.NaN;

    private protected static double Of(bool? value) => value is { } given ? (given ? 1 : 0) : double.NaN;

    private protected static double? Real(double value) => double.IsNaN(value) ? null : value;

    private protected static bool? Truth(double value) => double.IsNaN(value) ? null : value != 0;
}
