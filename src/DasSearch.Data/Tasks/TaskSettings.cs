namespace DasSearch.Data.Tasks;

/// <summary>What a run may choose about a task.</summary>
/// <param name="DataSeed">Which scenes and texts there are. One benchmark has one: runs that differ in it are not comparable.</param>
/// <param name="OrderSeed">In which order an epoch goes through the training split; a run's own seed.</param>
/// <param name="Candidates">Texts that a sample of retrieval ranks, the true one included: from 2 to 32; the papers' 16 by default.</param>
public sealed record TaskSettings(long DataSeed = 0, long OrderSeed = 0, int Candidates = 16);
