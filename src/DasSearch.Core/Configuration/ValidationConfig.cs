namespace DasSearch.Core.Configuration;

/// <summary>Fast validation: how a candidate is scored.</summary>
public sealed record ValidationConfig
{
    /// <summary>How the network stands; by default <c>eval</c>, under <c>compat: official</c> <c>train</c>.</summary>
    public ValidationMode? Mode { get; init => field = value is { } mode ? Check.Known(mode, "validation.mode") : null; }

    /// <summary>Which batch a round is scored on; <c>fixed</c> by default, as in the official code.</summary>
    public BatchPolicy Batch { get; init => field = Check.Known(value, "validation.batch"); } = BatchPolicy.Fixed;

    /// <summary>Samples of the batch; at least 1, by default as many as a training batch has.</summary>
    public int? BatchSize { get; init => field = Check.AtLeastOrNull(value, 1, "validation.batch_size"); }
}
