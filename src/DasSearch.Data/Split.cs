namespace DasSearch.Data;

/// <summary>The three parts of a dataset. No photo is in two of them.</summary>
public enum Split
{
    /// <summary>What is learnt from: nine tenths of the training file's photos.</summary>
    Train,

    /// <summary>What choices are made on: the last tenth of the training file's photos.</summary>
    Validation,

    /// <summary>What results are reported on: the photos of the test file, and no others.</summary>
    Test,
}
