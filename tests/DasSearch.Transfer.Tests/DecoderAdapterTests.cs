using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Transfer.Tests;

/// <summary>The adapters of LaVIN and LLaVA beside their formulas, and the parameters that papers count.</summary>
public sealed class DecoderAdapterTests : IDisposable
{
    private static readonly LlamaConfig _config = new() { Vocabulary = 20, Width = 16, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadWidth = 4, InnerWidth = 24 };
    private static readonly InputShape _input = new(20, 5, 0, 0, Images: 0);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    // papers.md, H.2: of LaVIN, what stands outside the decoder besides: 24 of CLIP's blocks, the projection of images and two modalities.
    [Theory]
    [InlineData(0, 3_781_296)]
    [InlineData(2, 4_174_560)]
    [InlineData(4, 4_567_824)]
    [InlineData(6, 4_961_088)]
    public void Costs_OfLavinOnLlama7B_WithLayersSkipped_ArePublished(int skipped, long published)
    {
        const long Clip = 24 * ((1024 * 8) + 8 + (2 * ((1024 * 4) + 1024)) + (2 * 1024) + 2);
        const long Projection = (1024 * 128) + 128 + (128 * 4096) + 4096;
        Assert.Equal(published, Trained(new LavinTransfer(), "lavin", 32, skipped) + Clip + Projection + (2 * 4096));
    }

    [Fact]
    public void Costs_OnLlama7B_ArePublished()
    {
        Assert.Equal(32 * 69_640, Trained(new LavinTextTransfer(), "lavin-text", 32, skipped: 0));
        Assert.Equal((26 * 69_640) + (6 * 266_272), Trained(new LavinTextTransfer(), "lavin-text", 32, skipped: 6));
        Assert.Equal((28 * 2 * 528_448) + (4 * 2_101_504), Trained(new LlavaTransfer(), "llava", 256, skipped: 4));
    }

    [Theory]
    [InlineData("lavin-text")]
    [InlineData("lavin")]
    [InlineData("llava")]
    public void Adapters_ComputeTheirFormulas(string name)
    {
        using var model = new Llama(_config, new BackboneRequest { Input = _input });
        model.eval();
        using var attached = Attach(model, name);
        attached.Module!.eval();
        using var unrecorded = no_grad();
        foreach (var parameter in attached.Parameters.Values)
        {
            parameter.add_(randn_like(parameter));
        }

        var x = randn(3, 5, 16);
        var kept = attached.Attachments.Projections["layers.0.attention_norm"].Apply(static input => input * 2, x);
        Assert.True(kept.allclose((x * 2) + Adapter(x * 2, $"layers.0.attention.{name}."), 1e-4, 1e-4));

        var state = new HiddenState([x], [zeros(3, 1, 1, 5), zeros(3, 1, 1, 5)]);
        var found = model.Step(state, 1, new Subnetwork(2, [1]), attached.Attachments).Streams[0];
        var normed = model.Network.named_modules().Single(static entry => entry.name == "layers.1.attention_norm").module is RmsNorm norm ? norm.call(x) : x;
        var expected = x + Adapter(normed, $"{name}_list.1.");
        Assert.True(found.allclose(name == "llava" ? expected + normed : expected, 1e-4, 1e-4));

        Tensor Adapter(Tensor read, string prefix)
        {
            Tensor Of(string parameter) => attached.Parameters[prefix + parameter];
            if (name != "lavin")
            {
                var inner = (read.matmul(Of("adapter_down.weight").t()) + Of("adapter_down.bias")).relu();
                return inner.matmul(Of("adapter_up.weight").t()) + Of("adapter_up.bias");
            }

            var z = read.matmul(Of("conv_A.weight").t()) + Of("conv_A.bias");
            var weights = ((read.select(1, 0).matmul(Of("expert_weights.weight").t()) + Of("expert_weights.bias")) / 10).softmax(1);
            return (weights.select(1, 0).reshape(-1, 1, 1) * Up("conv_B.")) + (weights.select(1, 1).reshape(-1, 1, 1) * Up("conv_D."));

            Tensor Up(string conv) => z.matmul(block_diag(Of(conv + "weight").narrow(0, 0, 8), Of(conv + "weight").narrow(0, 8, 8)).t()) + Of(conv + "bias");
        }
    }

    [Fact]
    public void Replacement_InAPlannedNetwork_ReadsTheSkippedModulesNorm()
    {
        var plan = new Subnetwork(2, [0]);
        using var whole = new Llama(_config, new BackboneRequest { Input = _input });
        using var planned = new Llama(_config, new BackboneRequest { Input = _input, Absent = plan });
        using var unrecorded = no_grad();
        var weights = whole.state_dict();
        weights["layers.0.attention_norm.weight"].add_(rand(16));
        foreach (var (name, tensor) in planned.state_dict())
        {
            tensor.copy_(weights[name]);
        }

        Assert.DoesNotContain("layers.0.attention_norm.weight", planned.named_parameters().Select(static entry => entry.name));
        whole.eval();
        planned.eval();
        using var attached = Attach(whole, "lavin-text");
        attached.Parameters["lavin-text_list.0.adapter_up.weight"].add_(rand(16, 4));
        var ids = randint(0, 20, [2, 5]);
        var input = new BackboneInput(ids, ones_like(ids, ScalarType.Bool));
        Assert.Equal(whole.Run(input, plan, attached.Attachments).Summary!.bytes.ToArray(), planned.Run(input, plan, attached.Attachments).Summary!.bytes.ToArray());
    }

    private static long Trained(ITransferMethod method, string replacement, int size, int skipped)
    {
        var settings = new TransferSettings { Adapters = new AdapterConfig { SkipBottleneck = size, Replacement = replacement } };
        return method.NetworkCosts(LlamaCosts.DescribeProfiled(), settings).Of(new Subnetwork(32, Enumerable.Range(0, skipped))).TrainableParameters;
    }

    private static Attached Attach(Llama model, string name)
    {
        manual_seed(2);
        var settings = new TransferSettings
        {
            Adapters = new AdapterConfig { SkipBottleneck = 4, Replacement = name }, Options = new Dictionary<string, string> { ["bottleneck"] = "4" },
        };
        return TransferTable.BuiltIn.Named(name).AttachWhole(new AttachRequest(model, settings, CPU, []));
    }
}
