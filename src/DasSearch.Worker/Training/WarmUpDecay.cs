namespace DasSearch.Worker.Training;

/// <summary>A learning rate's factor: up linearly to 1 over the first steps, then linearly down to 0.</summary>
/// <remarks>The schedule of DAS's code, papers' part A.9.</remarks>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="WarmUp">Steps on which it rises; 0 starts at 1.</param>
internal readonly record struct WarmUpDecay(long Steps, long WarmUp)
{
    /// <summary>The factor of a step, counted from 0; positive within the training.</summary>
    internal double At(long step) =>
        step < WarmUp ? (step + 1.0) / WarmUp : (double)(Steps - step) / Math.Max(Steps - WarmUp, 1);
}
