namespace DasSearch.Store.Rewards;

/// <summary>Rewards as they were asked for.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">
/// The rows, read one by one as they are asked for; the values in the columns' order, each a <see cref="long"/>, a
/// <see cref="double"/>, a <see cref="string"/> or null.
/// </param>
public sealed record RewardRows(IReadOnlyList<RewardColumn> Columns, IEnumerable<IReadOnlyList<object?>> Rows);
