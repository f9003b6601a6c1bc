using DasSearch.Core;
using DasSearch.Models.Backbones;

namespace DasSearch.Transfer.Tests;

/// <summary>What the papers' tables say that methods add to a ViLT-B/32: APT's (arXiv:2306.15706) for 241 tokens, and SSF's parameters from TTC's (arXiv:2303.07910).</summary>
public sealed class PublishedCostsTests
{
    // Multiply-accumulates in billions, exactly and as published; the published ones of the adapters are a little more than their matrices take.
    [Theory]
    [InlineData("lora", 147_456, 0, 0)]
    [InlineData("adapter", 3_559_680, 0.852885504, 0.86)]
    [InlineData("scaled-pa", 1_798_272, 0.426442752, 0.44)]
    [InlineData("prompt-shallow", 153_600, 19.501056, 19.50)]
    [InlineData("prompt-deep", 1_843_200, 5.1351552, 5.14)]
    [InlineData("ssf", 205_824, 0, 0)]
    public void Added_ToViltB32_IsWhatIsPublished(string method, long parameters, double billions, double published)
    {
        Adds(ViltCosts.DescribeProfiled(), method, parameters, billions, precision: 1e-9);
        Assert.Equal(published, billions, 0.015);
    }

    // Of 40 tokens and 577; what is published of deep prompts, 13.05, is more than they take, and of shallow ones nothing is.
    [Theory]
    [InlineData("lora", 294_912, 0, 0.0)]
    [InlineData("adapter", 5_339_520, 1.637646336, 1.64)]
    [InlineData("apt", 3_833_880, 2.304, 2.31)]
    [InlineData("prompt-shallow", 307_200, 28.67, null)]
    [InlineData("prompt-deep", 3_686_400, 9.35, null)]
    public void Added_ToMeter_IsWhatIsPublished(string method, long parameters, double billions, double? published)
    {
        Adds(MeterCosts.DescribeProfiled(), method, parameters, billions, precision: 0.005);
        Assert.Equal(published ?? billions, billions, 0.015);
    }

    private static void Adds(BackboneDescription backbone, string method, long parameters, double billions, double precision)
    {
        var (one, settings) = (TransferTable.BuiltIn.Named(method), new TransferSettings());
        var (added, account) = (one.Costs(backbone, settings), one.NetworkCosts(backbone, settings).Of(Subnetwork.Whole(backbone.Modules.Count)));
        Assert.Equal(parameters, added.OutsideParameters + added.Modules.Sum(static module => module.Parameters));
        Assert.Equal(billions, (account.PlanMultiplyAccumulates - account.FullMultiplyAccumulates) / 1e9, precision);
    }
}
