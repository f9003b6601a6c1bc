using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Data.Text;
using DasSearch.Models.Backbones;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Networks;

public sealed class MeterMiniTests
{
    [Fact]
    public void Embed_OfFreshWeights_TellsAsMuchOfWhatAsOfWhere_InBothStreams()
    {
        using var scope = NewDisposeScope();
        var view = new BackboneView(TokenizerTable.Named("minilm"), MeterMini.Style);
        var task = TaskTable.Named("fashionvl-vqa").Open(Photos.Source, new TaskSettings { View = view });
        var config = new RunConfig { Task = "fashionvl-vqa", Backbone = "meter-mini", Model = new() { Width = 128, Layers = 1, Heads = 4 } }.Resolved();
        using var network = TransferNetwork.Build(NetworkRequest.Supernet(config, checkpoint: null, task, CPU));
        using var batch = task.Batch(Split.Validation, 0, 0, 16);
        var weights = network.BackboneParameters;
        network.Look(batch, (backbone, input, attached) =>
        {
            using var unrecorded = no_grad();
            var (text, image) = (backbone.Embed(input, attached).Frozen[0], backbone.Embed(input, attached).Frozen[1]);
            var (textPlaces, imagePlaces) = (weights["text_positions"].narrow(1, 0, text.size(1)), weights["image_positions"]);

            Assert.InRange(Size(text - textPlaces) / Size(textPlaces), 0.75, 1.3);
            Assert.InRange(Size(image - imagePlaces) / Size(imagePlaces), 0.75, 1.3);
        });

        static double Size(Tensor numbers) => numbers.square().mean().sqrt().item<float>();
    }
}
