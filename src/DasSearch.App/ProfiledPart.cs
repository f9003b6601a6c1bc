namespace DasSearch.App;

/// <summary>One part of a network, in full and as planned.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsSkipped">Whether the plan skips it.</param>
/// <param name="FullParameters">Its parameters.</param>
/// <param name="FullMultiplyAccumulates">Its multiply-accumulates for one sample.</param>
/// <param name="PlanParameters">Parameters of what the plan has in its place, adapters included.</param>
/// <param name="PlanMultiplyAccumulates">Multiply-accumulates of that.</param>
public sealed record ProfiledPart(
    string Name,
    bool IsSkipped,
    long FullParameters,
    long FullMultiplyAccumulates,
    long PlanParameters,
    long PlanMultiplyAccumulates);
