using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Transfer.Tests;

public sealed class LoraTransferTests : IDisposable
{
    private const int Width = 16;

    private static readonly ViltConfig _config = new()
    {
        Vocabulary = 20, TextLength = 5, Width = Width, Layers = 2, Heads = 2, FeedForwardRatio = 2, PatchSize = 2, PositionGrid = 2, Dropout = 0,
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly LoraTransfer _lora = new();
    private readonly Vilt _backbone = new(_config, new BackboneRequest { Input = new InputShape(20, 5, 4, 4) });

    public void Dispose()
    {
        _backbone.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Fresh_ChangesNothing()
    {
        using var attached = _lora.AttachWhole(Request());
        attached.Module!.train();
        Assert.True(Run(Attachments.None).allclose(Run(attached.Attachments), 1e-6, 1e-6));
    }

    [Fact]
    public void Trained_DropsByTheSourcesSeedAlone_AndNotInEvaluation()
    {
        using var unrecorded = no_grad();
        using var attached = _lora.AttachWhole(Request(("dropout", "0.5")));
        foreach (var (name, parameter) in attached.Parameters.Where(static entry => entry.Key.Contains("lora_B", StringComparison.Ordinal)))
        {
            parameter.copy_(randn_like(parameter));
        }

        attached.Module!.train();
        var (one, again, other) = (RunSeeded(1), RunSeeded(1), RunSeeded(2));
        Assert.True(one.allclose(again, 0, 0));
        Assert.False(one.allclose(other));
        attached.Module.eval();
        Assert.True(RunSeeded(1).allclose(RunSeeded(2), 0, 0));

        Tensor RunSeeded(long seed)
        {
            using var source = new DropoutSource(seed, CPU);
            return Run(attached.Attachments);
        }
    }

    [Fact]
    public void Rank_AboveTheWidth_IsRefusedWhereverItComesFrom()
    {
        const string Message = "LoRA on transformer.blocks.0 is of rank 17, expected at most its width of 16";
        var settings = Request(("rank", "17")).Settings;
        AdapterPlacement planned = new("transformer.blocks.0", Placement.Parallel, Site.Attention, "lora", 17, "none", "none", 1);
        Assert.Equal(Message, Assert.Throws<DasSearchException>(() => { _lora.Costs(_backbone.Description, settings); }).Message);
        Assert.Equal(Message, Assert.Throws<DasSearchException>(() => { _lora.Attach(Request(("rank", "17"))); }).Message);
        Assert.Equal(Message, Assert.Throws<DasSearchException>(() => { _lora.Attach(Request() with { Settings = new TransferSettings().At([planned]) }); }).Message);
        Assert.Equal(2 * 4 * 16 * 16, _lora.Costs(_backbone.Description, Request(("rank", "16")).Settings).Modules.Sum(static module => module.Parameters));
    }

    private Tensor Run(Attachments attachments)
    {
        var input = new BackboneInput(ones(2, 5, ScalarType.Int64), ones(2, 5, ScalarType.Bool), ones(2, 3, 4, 4));
        return _backbone.Run(input, Subnetwork.Whole(2), attachments).Summary!;
    }

    private AttachRequest Request(params (string Name, string Value)[] options) =>
        new(_backbone, new TransferSettings { Options = options.ToDictionary(static option => option.Name, static option => option.Value) }, CPU, []);
}
