using DasSearch.Core;

namespace DasSearch.Store.Results;

/// <summary>An evaluation and its place in the run.</summary>
/// <param name="Round">The round, from 0.</param>
/// <param name="Candidate">Its place in the round, from 0.</param>
/// <param name="Evaluation">The evaluation.</param>
public sealed record StoredEvaluation(int Round, int Candidate, Evaluation Evaluation);
