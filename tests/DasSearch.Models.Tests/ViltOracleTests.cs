using DasSearch.Core;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Models.Heads;
using DasSearch.Transfer.Tests;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>ViLT-B/32 in full against plain PyTorch (Fixtures/make_vilt.py), where that is installed: random weights, at every boundary.</summary>
public sealed class ViltOracleTests
{
    private const int Blocks = 12;
    private const double Tolerance = 1e-4;

    [PyTorchFact]
    public void Trace_AtThePapersSize_IsPyTorchs()
    {
        var path = Path.Combine(Path.GetTempPath(), $"das-vilt-{Environment.ProcessId}.safetensors");
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        try
        {
            PyTorch.Run(Path.Combine(AppContext.BaseDirectory, "Fixtures", "make_vilt.py"), "full", path);
            var expected = CheckpointFile.Read(path).Tensors;
            using var model = BackboneTable.BuiltIn.Named("vilt").Load(new BackboneRequest { Input = new InputShape(30_522, 40, 384, 512), Checkpoint = path }).Backbone;
            Assert.Equal(111_595_008, model.Network.parameters().Sum(static parameter => parameter.numel()));
            model.Network.eval();
            var input = new BackboneInput(expected["in.ids"], expected["in.text_mask"], expected["in.images"]);
            AssertClose("out.0", model.Embed(input, Attachments.None).State().Streams[0]);
            var traced = model.Trace(input, Subnetwork.Whole(Blocks), Attachments.None);
            for (var block = 0; block < Blocks; block++)
            {
                AssertClose($"out.{block + 1}", traced.Modules[block].Stream);
            }

            AssertClose("out.tokens", model.Run(input, Subnetwork.Whole(Blocks), Attachments.None, FeatureKind.Tokens).Streams[0]);
            AssertClose("out.summary", traced.Features.Summary!);
            using var head = new ClassifierHead(768, 1536, 3129);
            foreach (var (name, parameter) in head.named_parameters())
            {
                parameter.copy_(expected["vqa_classifier." + name]);
            }

            AssertClose("out.logits", head.call(traced.Features.Summary!));

            void AssertClose(string name, Tensor found)
            {
                Assert.Equal(expected[name].shape, found.shape);
                Assert.True(found.allclose(expected[name], Tolerance, Tolerance), $"{name} differs by {(found - expected[name]).abs().max().item<float>()}");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }
}
