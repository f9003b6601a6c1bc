namespace DasSearch.Core.Configuration;

/// <summary>Distillation from a trained network into the planned one while that is trained: loss + α L_features + β L_logits.</summary>
/// <remarks>PELA's term (arXiv:2310.10700, eq. 4, in the form of its code) with a skip plan; neither validation nor test sees it.</remarks>
public sealed record DistillationConfig
{
    /// <summary>
    /// The trained plan whose network is the teacher, such as one that skips nothing and was fine-tuned in full; a path relative to the
    /// configuration's folder, or else to the plan's or the working directory. Null, the default, for none.
    /// </summary>
    public string? Teacher { get; init => field = Check.NotEmptyOrNull(value, "distillation.teacher"); }

    /// <summary>α, the weight of the features' distance; at least 0, by default 1.</summary>
    public double Alpha { get; init => field = Check.NotNegative(value, "distillation.alpha"); } = 1;

    /// <summary>β, the weight of the logits' mean squared error; at least 0, by default 0.</summary>
    public double Beta { get; init => field = Check.NotNegative(value, "distillation.beta"); }

    /// <summary>After which modules features are compared; <c>kept</c> by default.</summary>
    public DistilledBoundaries Boundaries { get; init => field = Check.Known(value, "distillation.boundaries"); }

    /// <summary>Whether anything is learnt from a teacher.</summary>
    public bool IsOn => Teacher is not null && (Alpha > 0 || Beta > 0);
}

/// <summary>After which modules the features of teacher and student are compared, each with the teacher's after the same one.</summary>
public enum DistilledBoundaries
{
    /// <summary>After those that the plan keeps.</summary>
    Kept,

    /// <summary>After all, what stands in place of skipped ones included.</summary>
    All,
}
