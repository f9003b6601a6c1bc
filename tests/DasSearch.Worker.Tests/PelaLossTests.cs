using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Distillation;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests;

/// <summary>Both terms of PELA's loss, in every form, and their gradients, against plain PyTorch (oracle/transfer_oracle.py --pela-losses).</summary>
public sealed class PelaLossTests : IDisposable
{
    private const double Epsilon = 0.05; // the fixture's

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IReadOnlyDictionary<string, Tensor> _expected = Read("pela-losses.out");
    private readonly IBackbone _teacher = Load("full.case");
    private readonly IBackbone _student = Load("pela-svd.out");

    public void Dispose()
    {
        _student.Dispose();
        _teacher.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(FeatureForm.Code, "fd.code")]
    [InlineData(FeatureForm.Paper, "fd.paper")]
    public void Features_OfTheWholeNetworks_AreTheOracles(FeatureForm form, string expected)
    {
        var loss = Features(form);
        AssertClose(_expected[expected], loss);
        if (form == FeatureForm.Code)
        {
            AssertGradients(loss, "grad_fd.");
        }
    }

    [Theory]
    [InlineData(PerturbationForm.Code, "rwp.code")]
    [InlineData(PerturbationForm.Paper, "rwp.paper")]
    [InlineData(PerturbationForm.Hinge, "rwp.hinge")]
    public void Perturbation_OfAllLayers_IsTheOracles(PerturbationForm form, string expected)
    {
        var (own, original) = (_student.Network.state_dict(), _teacher.Network.state_dict());
        var layers = own.Keys.Where(name => name.EndsWith(".0.weight", StringComparison.Ordinal)).Select(static name => name[..^".0.weight".Length])
            .Select(name => new FactorisedWeight(own[name + ".0.weight"], own[name + ".1.weight"], original[name + ".weight"].detach())).ToList();
        Assert.Equal(4 * 2, layers.Count);
        var loss = PelaLoss.Perturbation(form, Epsilon, layers);
        AssertClose(_expected[expected], loss);
        if (form == PerturbationForm.Code)
        {
            AssertGradients(loss, "grad_rwp.");
        }
    }

    private Tensor Features(FeatureForm form)
    {
        using var unrecorded = no_grad();
        var teacher = Blocks(_teacher);
        using var recorded = enable_grad();
        return PelaLoss.Features(form, Blocks(_student), teacher);
    }

    private static List<Tensor> Blocks(IBackbone backbone)
    {
        var @case = Read("full.case");
        var input = new BackboneInput(
            @case["input.ids"], @case["input.mask"].to(ScalarType.Bool), @case["input.images"], @case["input.pixel_mask"].to(ScalarType.Bool));
        return [.. backbone.Trace(input, Subnetwork.Whole(2), Attachments.None).Modules.Select(static module => module.Stream)];
    }

    private void AssertGradients(Tensor loss, string prefix)
    {
        loss.backward();
        var own = _student.Network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Assert.All(
            _expected.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)),
            entry => AssertClose(entry.Value, own[entry.Key[prefix.Length..]].grad!));
        Assert.All(_teacher.Network.parameters(), parameter => Assert.Null(parameter.grad));
    }

    private static IReadOnlyDictionary<string, Tensor> Read(string name) => CheckpointFile.Read(PathOf(name)).Tensors;

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".safetensors");

    private static IBackbone Load(string name) => BackboneTable.BuiltIn.Named("vilt").Load(new BackboneRequest
    {
        Input = new InputShape(Vocabulary: 12, TextLength: 6, ImageHeight: 4, ImageWidth: 6),
        Sizes = new ModelConfig { Dropout = 0 },
        Checkpoint = PathOf(name),
    }).Backbone;

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.True(actual.reshape(expected.shape).allclose(expected, 1e-5, 1e-6), $"differs by {(actual - expected).abs().max().item<float>()}");
}
