namespace DasSearch.Core;

/// <summary>What a run was computed with.</summary>
/// <param name="ToolVersion">The version of das, with its commit where known.</param>
/// <param name="Device">The device, such as <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="TorchVersion">The version of libtorch.</param>
/// <param name="TorchBackend">Where it came from: <c>system</c> or a package's name.</param>
/// <param name="Threads">Threads within an operation.</param>
/// <param name="Machine">Operating system and processor, in words.</param>
public sealed record RunEnvironment(
    string ToolVersion, string Device, string TorchVersion, string TorchBackend, int Threads, string Machine);
