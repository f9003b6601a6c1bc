namespace DasSearch.Data.Tasks.Vqa;

/// <summary>How two counts compare.</summary>
internal enum Relation
{
    More,
    Fewer,
    AsMany,
}

/// <summary>The relations' meanings.</summary>
internal static class Relations
{
    public const int Count = 3;

    public static bool Holds(this Relation relation, int one, int other) => relation switch
    {
        Relation.More => one > other,
        Relation.Fewer => one < other,
        _ => one == other,
    };
}
