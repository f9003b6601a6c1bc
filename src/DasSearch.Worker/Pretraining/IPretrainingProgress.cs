namespace DasSearch.Worker.Pretraining;

/// <summary>Who wants to know how a pre-training is getting on.</summary>
public interface IPretrainingProgress
{
    /// <summary>A step is done.</summary>
    /// <param name="done">Steps done so far.</param>
    /// <param name="loss">Its loss.</param>
    void Stepped(int done, double loss);

    /// <summary>Held-out figures were taken.</summary>
    void Evaluated(HeldOutFigures figures);
}
