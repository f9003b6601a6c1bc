namespace DasSearch.Data.Tasks;

/// <summary>What is asked of a model, and with it which head and loss fit.</summary>
public enum TaskKind
{
    /// <summary>Score every answer of a closed list; several may be partly right (VQA: binary cross-entropy).</summary>
    Answering,

    /// <summary>Choose one of a few classes (NLVR2: cross-entropy).</summary>
    Classification,

    /// <summary>Score several texts of one image, of which the first is the true one (retrieval: cross-entropy over the texts).</summary>
    Ranking,
}
