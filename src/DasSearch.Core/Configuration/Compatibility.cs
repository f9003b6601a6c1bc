namespace DasSearch.Core.Configuration;

/// <summary>Whose behaviour decides where the paper and its code differ.</summary>
/// <remarks>
/// What the official code does differently, and what becomes of it here: it scores in training mode, with dropout
/// (<see cref="Official"/> does); METER's gates ignore their learning rate (<c>controller.learning_rate</c> is 1, as in
/// effect there); every round sees the same batch (the default of <c>validation.batch</c>); equal gates are chosen in the
/// order of a sort (here by rule); the scoring batch pollutes training metrics (here it does not, which changes no result).
/// </remarks>
public enum Compatibility
{
    /// <summary>The paper's.</summary>
    Paper,

    /// <summary>The official code's.</summary>
    Official,
}
