using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;
using DasSearch.Formats;
using DasSearch.Store;

namespace DasSearch.App;

/// <summary>A run's settings as they were stored with it.</summary>
public static class StoredConfig
{
    /// <summary>Reads them back, in the words in which they were stored.</summary>
    /// <remarks>A setting that the run's version did not have yet has its default, which is what that version did.</remarks>
    /// <exception cref="DasSearchException">They mean something else to this version of das.</exception>
    public static ResolvedConfig<RunConfig> Of(RunDetails run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var read = ConfigFile.Parse<RunConfig>(run.ConfigText, $"the settings of run {run.Summary.Run}", run.ConfigPath, []);
        var stored = new ResolvedConfig<RunConfig>(read.Values, run.ConfigText, run.ConfigPath);
        return stored.Sha256 == run.ConfigSha256 && IsWithin(run.ConfigText, read.Text)
            ? stored
            : throw new DasSearchException(
                $"run {run.Summary.Run} was made by das {run.Environment.ToolVersion}, whose settings this version reads differently");
    }

    // Every line of one text, in its order, in the other.
    private static bool IsWithin(string text, string whole)
    {
        using var lines = whole.Split('\n').AsEnumerable().GetEnumerator();
        return text.Split('\n').All(line =>
        {
            while (lines.MoveNext())
            {
                if (lines.Current == line)
                {
                    return true;
                }
            }

            return false;
        });
    }
}

/// <summary>The controller of a run as it stood after the last round.</summary>
internal static class StoredController
{
    /// <summary>What chooses for the run: its controller, or else the gates that are stored.</summary>
    /// <exception cref="DasSearchException">There is no such controller in this version of das.</exception>
    internal static IRecommender Choices(IRunReader read, RunDetails run) => Of(read, run, StoredConfig.Of(run).Values)
        ?? new ScoreRecommender([.. read.LastGates(run.Summary.Run).Select(gate => gate.Gate)]);

    /// <summary>Makes it again from the store; null before the first round, and where what it kept beside gates is gone.</summary>
    /// <exception cref="DasSearchException">There is no such controller in this version of das.</exception>
    internal static IRecommender? Of(IRunReader read, RunDetails run, RunConfig config)
    {
        if (read.RoundsSince(run.Summary.Run, run.Summary.Rounds - 1).LastOrDefault() is not { } last)
        {
            return null;
        }

        var settings = ControllerSettings.Of(SearchSpace.Of(config, run.Costs), config.Controller);
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
