namespace DasSearch.Data.Tasks;

/// <summary>What makes a task: everything else is common to all of them.</summary>
internal interface ISampleSource
{
    /// <summary>What does not change from sample to sample.</summary>
    TaskFacts Facts { get; }

    /// <summary>Draws a sample. Pure: whatever is random comes out of the stream.</summary>
    SampleDraft Draw(Random random);
}
