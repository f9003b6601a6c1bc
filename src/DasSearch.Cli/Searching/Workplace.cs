using DasSearch.Cli.Doctor;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.FashionMnist;
using DasSearch.Data.Tasks;
using TorchSharp;

namespace DasSearch.Cli.Searching;

/// <summary>What every command needs that computes: device, threads, photos, and what is recorded of them.</summary>
internal sealed class Workplace
{
    private Workplace(torch.Device device, FashionPhotos photos)
    {
        Device = device;
        Photos = photos;
    }

    /// <summary>Where tensors live.</summary>
    internal torch.Device Device { get; }

    /// <summary>The photos.</summary>
    internal FashionPhotos Photos { get; }

    /// <summary>The version of das, with its commit where known.</summary>
    internal static string ToolVersion
    {
        get
        {
            var facts = BuildFacts.Read();
            return facts.Commit is { } commit ? $"{facts.Version}+{commit}" : facts.Version;
        }
    }

    /// <summary>Prepares it as the settings have it.</summary>
    /// <exception cref="DasSearchException">There is no such device, or the photos are missing or broken.</exception>
    internal static Workplace Prepare(RunConfig config, Func<string, string?> environment)
    {
        if (config.Threads > 0)
        {
            torch.set_num_threads(config.Threads);
        }

        return new Workplace(Devices.Choose(config.Device), FashionPhotos.Load(FashionMnistFolder.Resolve(environment)));
    }

    /// <summary>The task of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="orderSeed">What the order of its training samples derives from.</param>
    /// <exception cref="UnknownTaskException">There is none.</exception>
    internal IVisionLanguageTask OpenTask(string name, long orderSeed) =>
        TaskTable.Named(name).Open(Photos, new TaskSettings(OrderSeed: orderSeed));

    /// <summary>What a run is computed with.</summary>
    internal RunEnvironment Describe()
    {
        var machine = MachineFacts.Gather();
        return new RunEnvironment(
            ToolVersion,
            Device.ToString(),
            torch.__version__,
            BuildFacts.Read().TorchPackage,
            torch.get_num_threads(),
            $"{machine.Os}, {machine.Architecture}, {machine.Cpu ?? "unknown processor"}, {machine.Cores} cores, {machine.Dotnet}");
    }
}
