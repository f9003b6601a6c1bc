using DasSearch.Models.Backbones.Vilt;

namespace DasSearch.Worker.Pretraining;

/// <summary>What a pre-training gave.</summary>
/// <param name="Sizes">The model's sizes.</param>
/// <param name="Parameters">Its parameters, heads included.</param>
/// <param name="Curve">The figures along the way, on validation photos.</param>
/// <param name="Validation">The last figures on validation photos, over more scenes.</param>
/// <param name="Test">The same on test photos.</param>
public sealed record PretrainingResult(
    ViltConfig Sizes, long Parameters, IReadOnlyList<HeldOutFigures> Curve, HeldOutFigures Validation, HeldOutFigures Test);
