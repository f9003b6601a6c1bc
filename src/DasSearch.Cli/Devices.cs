using DasSearch.Core.Configuration;
using TorchSharp;

namespace DasSearch.Cli;

/// <summary>The device that a setting means.</summary>
internal static class Devices
{
    /// <summary><c>auto</c> is the first GPU, or the CPU where there is none.</summary>
    /// <exception cref="ConfigException">There is no such device.</exception>
    internal static torch.Device Choose(string name)
    {
        if (name == "auto")
        {
            return torch.cuda.is_available() ? torch.device("cuda") : torch.CPU;
        }

        try
        {
            return torch.InitializeDevice(torch.device(name));
        }
        catch (Exception failure) when (failure is ArgumentException or System.Runtime.InteropServices.ExternalException)
        {
            throw new ConfigException("device", $"must be auto, cpu, or a CUDA device that is here, not {name}: {failure.Message}");
        }
    }
}
