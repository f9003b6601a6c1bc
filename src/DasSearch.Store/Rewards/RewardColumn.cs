namespace DasSearch.Store.Rewards;

/// <summary>A column of rewards, named as the database's views and tables name it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its values are.</param>
/// <param name="IsMain">Whether a person wants to see it who did not say what to show.</param>
public sealed record RewardColumn(string Name, RewardType Type, bool IsMain);
