namespace DasSearch.Store.Rewards;

/// <summary>What the values of a column are, those apart that are not there.</summary>
public enum RewardType
{
    /// <summary>Whole numbers: <see cref="long"/>.</summary>
    Whole,

    /// <summary>Numbers: <see cref="double"/>.</summary>
    Number,

    /// <summary>Texts: <see cref="string"/>.</summary>
    Text,
}
