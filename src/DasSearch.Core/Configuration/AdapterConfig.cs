namespace DasSearch.Core.Configuration;

/// <summary>The adapters of DAS (arXiv:2309.01479); defaults as in its code for ViLT.</summary>
public sealed record AdapterConfig
{
    /// <summary>Width of the adapter in place of a skipped module; at least 1, by default 192 (METER: 288).</summary>
    public int SkipBottleneck { get; init => field = Check.AtLeast(value, 1, "adapters.skip_bottleneck"); } = 192;

    /// <summary>Width of the adapters beside the parts of a kept module; at least 1, by default 96.</summary>
    public int ParallelBottleneck { get; init => field = Check.AtLeast(value, 1, "adapters.parallel_bottleneck"); } = 96;

    /// <summary>What an adapter's output is multiplied by; positive, by default 1.</summary>
    public double Scale { get; init => field = Check.Positive(value, "adapters.scale"); } = 1;
}
