using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Search;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Search;

/// <summary>Scoring leaves the network as it was, and depends on the subnetwork alone.</summary>
public sealed class FastValidationTests : IDisposable
{
    private static readonly Subnetwork[] _candidates = [new(TinySearch.Layers, [0, 1]), new(TinySearch.Layers, [2, 3])];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TwoThreads _threads = new(CPU);
    private readonly SmallTask _task = new("fashionvl-vqa");
    private readonly TransferNetwork _network;

    public FastValidationTests() => _network = TinySearch.Network(TinySearch.Config, _task);

    public void Dispose()
    {
        _threads.Dispose();
        _network.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Score_InEvaluationMode_GivesTheLossOfThatSubnetworkWhateverItsPlace()
    {
        using var validation = new FastValidation(_network, _task, TinySearch.Config, _threads);
        var forth = validation.Score(_candidates, round: 0);
        var back = validation.Score([.. _candidates.Reverse()], round: 7);

        Assert.Equal((forth[0].Loss, forth[1].Loss), (back[1].Loss, back[0].Loss));
        Assert.NotEqual(forth[0].Loss, forth[1].Loss);
    }

    [Fact]
    public void Score_OfCandidatesThatBeginAlike_IsThatOfEachAlone()
    {
        using var validation = new FastValidation(_network, _task, TinySearch.Config, _threads);
        Subnetwork[] candidates = [new(TinySearch.Layers, [1, 3]), new(TinySearch.Layers, [0, 2]), new(TinySearch.Layers, [1, 2]), new(TinySearch.Layers, [0, 3])];
        var together = validation.Score(candidates, round: 0);

        Assert.Equal(candidates, together.Select(evaluation => evaluation.Subnetwork));
        Assert.Equal(candidates.Select(candidate => validation.Score([candidate], round: 0)[0].Loss), together.Select(evaluation => evaluation.Loss));
    }

    [Theory]
    [InlineData("fashionvl-vqa", 1000)]
    [InlineData("fashionvl-nlvr2", 1000)]
    [InlineData("fashionvl-retrieval", 400)]
    public void Score_InParts_IsThatOfTheWholeBatch(string name, int size)
    {
        var task = new SmallTask(name, heldOut: size);
        var config = (TinySearch.Config with { Task = name, Validation = new() { BatchSize = size } }).Resolved();
        using var network = TinySearch.Network(config, task);
        using var validation = new FastValidation(network, task, config, _threads);
        using var batch = task.Batch(Split.Validation, 0, 0, size);
        var parts = BatchParts.Of(batch, network.Backbone);
        Assert.InRange(parts.Count, 2, 20);
        Assert.Equal(Enumerable.Range(0, size), parts.SelectMany(part => part.Samples).Order());
        foreach (var part in parts)
        {
            part.Dispose();
        }

        using var unrecorded = no_grad();
        foreach (var scored in validation.Score([.. Combinations.All(TinySearch.Layers, 2)], round: 0))
        {
            network.Train(false);
            using var loss = network.Loss(network.Logits(batch, scored.Subnetwork), batch);
            Assert.Equal(Math.Exp(-loss.item<float>()), scored.Reward!.Value, 1e-6);
            Assert.Equal(loss.item<float>(), scored.Loss!.Value, 1e-5);
        }
    }

    [Theory]
    [InlineData("fashionvl-vqa")]
    [InlineData("fashionvl-nlvr2")]
    [InlineData("fashionvl-retrieval")]
    public void Score_OfALaterRound_KeepsWhatIsFrozenAndSeesWhatWasTrained(string name)
    {
        var task = new SmallTask(name);
        var config = (TinySearch.Config with { Task = name }).Resolved();
        using var network = TinySearch.Network(config, task);
        using var kept = new FastValidation(network, task, config, _threads);
        var before = kept.Score(_candidates, round: 0);
        using (no_grad())
        {
            foreach (var parameter in network.Trained)
            {
                parameter.Parameter.add_(0.05 * randn_like(parameter.Parameter));
            }
        }

        using var anew = new FastValidation(network, task, config, _threads);
        var after = kept.Score(_candidates, round: 1);
        Assert.Equal(anew.Score(_candidates, round: 1).Select(one => one.Loss), after.Select(one => one.Loss));
        Assert.NotEqual(before[0].Loss, after[0].Loss);
    }

    [Fact]
    public void Score_OnTwoThreads_GivesTheSameLosses()
    {
        var (task, config) = (new SmallTask("fashionvl-vqa", heldOut: 1000), (TinySearch.Config with { Validation = new() { BatchSize = 1000 } }).Resolved());
        using var alone = new FastValidation(_network, task, config, _threads);
        var expected = alone.Score(_candidates, round: 0).Select(one => one.Loss);
        set_num_threads(2);
        try
        {
            using var two = new TwoThreads(CPU);
            using var shared = new FastValidation(_network, task, config, two);

            Assert.Equal(2, two.Count);
            Assert.Equal(expected, shared.Score(_candidates, round: 0).Select(one => one.Loss));
        }
        finally
        {
            set_num_threads(1);
        }
    }

    [Fact]
    public void Score_RoundAfterRound_HoldsNoMoreThanAfterTheFirst()
    {
        using var validation = new FastValidation(_network, _task, TinySearch.Config, _threads);
        validation.Score(_candidates, round: 0);
        var before = LiveTensors.Count();
        validation.Score(_candidates, round: 1);
        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public void Score_ChangesNoWeight_AndLeavesNoGradient()
    {
        var before = _network.TrainedState().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        using var validation = new FastValidation(_network, _task, TinySearch.Config, _threads);
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

        using var validation = new FastValidation(_network, _task, TinySearch.Config, _threads);
        Assert.Contains(validation.Score(_candidates, round: 0), one => one is { Outcome: EvaluationOutcome.Diverged, Credit: 0 });
    }
}
