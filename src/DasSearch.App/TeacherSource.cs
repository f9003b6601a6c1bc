using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Tasks;
using DasSearch.Exports;
using DasSearch.Formats;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.App;

/// <summary>The trained plan that <c>distillation.teacher</c> names.</summary>
/// <param name="Plan">Its file.</param>
/// <param name="Work">The plan with what it takes to build its network.</param>
/// <param name="Weights">What it was trained to.</param>
internal sealed record TeacherSource(string Plan, PlannedWork Work, string Weights)
{
    private const string Key = "distillation.teacher";

    /// <summary>The SHA-256 of its weights.</summary>
    internal string Sha256 => Work.Plan.Result!.WeightsSha256!;

    /// <summary>Finds it; null where nothing is learnt from a teacher.</summary>
    /// <param name="environment">What backbones are taken from.</param>
    /// <param name="source">Where the student was found.</param>
    /// <param name="student">The student.</param>
    /// <exception cref="DasSearchException">It is missing, not trained, or for another task or backbone.</exception>
    internal static TeacherSource? Find(AppEnvironment environment, PlanSource source, PlannedWork student)
    {
        var config = student.Settings.Values.Distillation;
        if (!config.IsOn)
        {
            return null;
        }

        string[] places =
        [
            student.Settings.FullPath(config.Teacher!),
            Path.GetFullPath(config.Teacher!, Path.GetDirectoryName(Path.GetFullPath(source.Plan))!),
            Path.GetFullPath(config.Teacher!),
        ];
        var path = Array.Find(places, File.Exists)
            ?? throw new ConfigException(Key, $"must be a trained plan's file, but there is none at {string.Join(", ", places.Distinct())}");
        var (own, plan) = (student.Plan, PlanFile.Read(path));
        if (plan.Backbone != own.Backbone || plan.Task != own.Task)
        {
            throw new ConfigException(Key, $"{path} is for {plan.Task} on {plan.Backbone}, but {source.Plan} is for {own.Task} on {own.Backbone}");
        }

        if (plan.Modules != own.Modules || plan.Granularity != own.Granularity)
        {
            throw new ConfigException(
                Key,
                $"{path} is for {plan.Modules} modules ({EnumNames.NameOf(plan.Granularity)}), but {source.Plan} is for {own.Modules} ({EnumNames.NameOf(own.Granularity)})");
        }

        var weights = new PlanFiles(plan, path, source.Database).Trained();
        var isOfOneCheckpoint = plan.Provenance.CheckpointSha256 == own.Provenance.CheckpointSha256;
        return new TeacherSource(path, PlannedWork.Open(environment, source.WithoutMethod() with { Plan = path, Checkpoint = isOfOneCheckpoint ? source.Checkpoint : null }), weights);
    }

    /// <summary>Its network, trained.</summary>
    /// <exception cref="DasSearchException">Its weights do not fit it.</exception>
    internal TransferNetwork Build(AppEnvironment environment, IVisionLanguageTask task, Device device)
    {
        var network = TransferNetwork.Build(Work.Planned(environment, task, device, Work.Plan.Result!.Seed));
        try
        {
            TrainedWeights.Load(network, Weights);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
