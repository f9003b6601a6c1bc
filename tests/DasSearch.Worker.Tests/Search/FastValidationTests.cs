using DasSearch.Core;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Search;
using DasSearch.Worker.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Search;

/// <summary>Scoring leaves the network as it was, and depends on the subnetwork alone.</summary>
public sealed class FastValidationTests : IDisposable
{
    private static readonly Subnetwork[] _candidates = [new(TinySearch.Layers, [0, 1]), new(TinySearch.Layers, [2, 3])];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SmallTask _task = new("fashionvl-vqa");
    private readonly TransferNetwork _network;

    public FastValidationTests() => _network = TinySearch.Network(TinySearch.Config, _task.Facts);

    public void Dispose()
    {
        _network.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Score_InEvaluationMode_GivesTheLossOfThatSubnetworkWhateverItsPlace()
    {
        using var validation = new FastValidation(_network, _task, TinySearch.Config, CPU);
        var forth = validation.Score(_candidates, round: 0);
        var back = validation.Score([.. _candidates.Reverse()], round: 7);

        Assert.Equal((forth[0].Loss, forth[1].Loss), (back[1].Loss, back[0].Loss));
        Assert.NotEqual(forth[0].Loss, forth[1].Loss);
    }

    [Fact]
    public void Score_OfCandidatesThatBeginAlike_IsThatOfEachAlone()
    {
        using var validation = new FastValidation(_network, _task, TinySearch.Config, CPU);
        Subnetwork[] candidates = [new(TinySearch.Layers, [1, 3]), new(TinySearch.Layers, [0, 2]), new(TinySearch.Layers, [1, 2]), new(TinySearch.Layers, [0, 3])];
        var together = validation.Score(candidates, round: 0);

        Assert.Equal(candidates, together.Select(evaluation => evaluation.Subnetwork));
        Assert.Equal(candidates.Select(candidate => validation.Score([candidate], round: 0)[0].Loss), together.Select(evaluation => evaluation.Loss));
    }

    [Fact]
    public void Score_ChangesNoWeight_AndLeavesNoGradient()
    {
        var before = _network.TrainedState().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        using var validation = new FastValidation(_network, _task, TinySearch.Config, CPU);
        validation.Score(_candidates, round: 0);

        Assert.All(_network.TrainedState(), entry => Assert.Equal(before[entry.Key], entry.Value.bytes.ToArray()));
    }

    [Fact]
    public void Score_LossThatIsNone_IsDivergedAndCountsAsNothing()
    {
        using (no_grad())
        {
            _network.Trained[0].Parameter.fill_(double.NaN);
        }

        using var validation = new FastValidation(_network, _task, TinySearch.Config, CPU);
        Assert.Contains(validation.Score(_candidates, round: 0), one => one is { Outcome: EvaluationOutcome.Diverged, Credit: 0 });
    }
}
