using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Worker.Heads;

/// <summary>The head of each kind of task: a new kind is one file and one line here.</summary>
internal static class TaskHeads
{
    internal static TaskHead Create(TaskFacts facts, LoadedBackbone loaded, Device device)
    {
        var width = loaded.Backbone.Description.SummaryWidth;
        return facts.Kind switch
        {
            TaskKind.Answering => new AnsweringHead(facts, width, device),
            TaskKind.Classification => new ClassificationHead(facts, width, device),
            TaskKind.Ranking => new RankingHead(width, loaded.Rest, device),
            _ => throw new ArgumentOutOfRangeException(nameof(facts), facts.Kind, "No head is known for this kind of task."),
        };
    }
}
