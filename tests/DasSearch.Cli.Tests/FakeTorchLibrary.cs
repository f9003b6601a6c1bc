using DasSearch.Cli.Doctor;

namespace DasSearch.Cli.Tests;

/// <summary>A tensor library that answers as told, or fails to load.</summary>
internal sealed class FakeTorchLibrary(TorchVersion? version, Exception? failure = null) : ITorchLibrary
{
    public TorchVersion Load() => version ?? throw failure!;
}
