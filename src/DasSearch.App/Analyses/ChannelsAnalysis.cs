using DasSearch.Core;
using DasSearch.Reporter.Analyses;
using DasSearch.Reporter.Reports;
using DasSearch.Worker.Analyses;

namespace DasSearch.App.Analyses;

/// <summary>Which channels plans have chosen, and how far several agree (TTC, arXiv:2303.07910, Fig. 3).</summary>
internal sealed class ChannelsAnalysis : IAnalysis
{
    /// <inheritdoc/>
    public string Name => "channels";

    /// <inheritdoc/>
    public string Summary => "which channels were chosen in each layer, and of several plans how far they agree beyond chance, for methods that choose channels (TTC, Fig. 3)";

    /// <inheritdoc/>
    public IReadOnlyList<FigureKind> Figures => [ChannelFigures.Kind, ChannelFigures.OverlapKind];

    /// <inheritdoc/>
    public AnalysisSettings Heeds => AnalysisSettings.Plans;

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(AnalysisWork work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(work);
        var sources = work.Request.Plans;
        var names = sources.Select(static source => Path.GetFileNameWithoutExtension(source.Plan)).ToList();
        var areClear = names.Distinct().Count() == names.Count;
        return ChannelFigures.Draw([.. sources.Select((source, i) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var plan = AnalysedPlan.Open(work.Environment, source);
            using var network = plan.Trained();
            var chosen = ChosenChannels.Of(network);
            return chosen.Count > 0
                ? new PlanChannels(areClear ? names[i] : source.Plan, plan.Task.Facts.Name, [.. chosen.Select(static one => new LayerChannels(one.Place, one.Width, one.Channels))])
                : throw new DasSearchException($"{source.Plan} was trained with {plan.Method}, which chooses no channels: channels is of methods that do, such as ttc");
        })]);
    }
}
