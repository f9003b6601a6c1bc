namespace DasSearch.Store.Results;

/// <summary>A module's gate once the controller had learnt from a round.</summary>
/// <param name="Round">The round, from 0.</param>
/// <param name="Module">The module's index, from 0.</param>
/// <param name="Gate">Its gate; high means redundant.</param>
/// <param name="Probability">How likely it is drawn next, from 0 to 1.</param>
public sealed record StoredGate(int Round, int Module, double Gate, double Probability);
