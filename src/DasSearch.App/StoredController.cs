using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;
using DasSearch.Store;

namespace DasSearch.App;

/// <summary>The controller of a run as it stood after the last round.</summary>
internal static class StoredController
{
    /// <summary>Makes it again from the store; null before the first round, and where what it kept beside gates is gone.</summary>
    /// <exception cref="DasSearchException">There is no such controller in this version of das.</exception>
    internal static IRecommender? Of(IRunReader read, RunDetails run, RunConfig config)
    {
        if (read.RoundsSince(run.Summary.Run, run.Summary.Rounds - 1).LastOrDefault() is not { } last)
        {
            return null;
        }

        var settings = new ControllerSettings(SearchSpace.Of(config, run.Costs), config.Controller.LearningRate);
        var controller = ControllerTable.Create(last.After.Controller, settings);
        try
        {
            controller.Restore(last.After);
            return controller;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
