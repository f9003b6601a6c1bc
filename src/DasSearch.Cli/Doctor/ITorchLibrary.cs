namespace DasSearch.Cli.Doctor;

/// <summary>The questions that doctor has for the tensor library.</summary>
internal interface ITorchLibrary
{
    /// <summary>Loads the library, computes something with it, and says what it is.</summary>
    /// <remarks>Throws whatever the loader throws where the library, or something that it needs, is missing.</remarks>
    TorchVersion Load();
}

/// <summary>What the tensor library says of itself.</summary>
/// <param name="Libtorch">Its version.</param>
/// <param name="Threads">Threads within an operation.</param>
/// <param name="InteropThreads">Threads across operations.</param>
/// <param name="CudaDevices">Usable CUDA devices; 0 where there are none.</param>
/// <param name="IsMended">Whether TorchSharp's own library had to be mended for the system's libstdc++, which is older than GCC 13's.</param>
internal sealed record TorchVersion(string Libtorch, int Threads, int InteropThreads, int CudaDevices, bool IsMended);
