using DasSearch.Core;
using DasSearch.Core.Configuration;
using TorchSharp;

namespace DasSearch.App;

/// <summary>Where and with how many threads tensors are computed, as the settings have it.</summary>
public static class ComputeDevice
{
    /// <summary>Chooses the device, and sets the threads within an operation.</summary>
    /// <param name="name"><c>auto</c> is the first GPU, or the CPU where there is none.</param>
    /// <param name="threads">How many; 0 for as many as libtorch takes, which settings of runs before schema 5 say.</param>
    /// <exception cref="ConfigException">There is no such device.</exception>
    public static torch.Device Prepare(string name, int threads)
    {
        if (threads > 0)
        {
            torch.set_num_threads(threads);
        }

        if (name == "auto")
        {
            return torch.cuda.is_available() ? torch.device("cuda") : torch.CPU;
        }

        try
        {
            return torch.InitializeDevice(torch.device(name));
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or System.Runtime.InteropServices.ExternalException)
        {
            throw new ConfigException("device", $"must be auto, cpu, or a CUDA device that is here, not {name}");
        }
    }

    /// <summary>What a run on a device is computed with.</summary>
    public static RunEnvironment Describe(torch.Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var (build, machine) = (BuildFacts.Read(), MachineFacts.Gather());
        return new RunEnvironment(
            build.ToolVersion,
            device.ToString(),
            torch.__version__,
            build.TorchPackage,
            torch.get_num_threads(),
            $"{machine.Os}, {machine.Architecture}, {machine.Cpu ?? "unknown processor"}, {machine.Cores} cores, {machine.Dotnet}");
    }
}
