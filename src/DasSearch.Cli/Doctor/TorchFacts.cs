using TorchSharp;

namespace DasSearch.Cli.Doctor;

/// <summary>The tensor library: what was chosen, and what answered.</summary>
/// <param name="Package">The package that it comes from.</param>
/// <param name="Why">Why the launcher took it; null when das was not started by the launcher.</param>
/// <param name="Version">What the library says of itself; null when it could not be loaded.</param>
/// <param name="Problem">Why the library could not be loaded; null when it was.</param>
/// <param name="Remedy">What to do about it; null when nothing is wrong.</param>
internal sealed record TorchFacts(string Package, string? Why, TorchVersion? Version, string? Problem, string? Remedy)
{
    /// <summary>Loads the library and asks it; a library that does not load is a fact, too.</summary>
    public static TorchFacts Gather(ITorchLibrary library, string package, string? why)
    {
        try
        {
            return new TorchFacts(package, why, library.Load(), null, null);
        }
#pragma warning disable CA1031 // Which exception a broken library raises depends on what of it is broken.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new TorchFacts(package, why, null, Describe(failure), "run `./das setup --again`, which restores it anew, and mends it where the system's libstdc++ is old");
        }
    }

    // A type initialiser that fails hides the reason one or more levels down.
    private static string Describe(Exception failure)
    {
        while (failure.InnerException is not null)
        {
            failure = failure.InnerException;
        }

        return failure.Message.ReplaceLineEndings(" ").Trim();
    }
}

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

/// <summary>The tensor library that das was built with.</summary>
internal sealed class TorchLibrary : ITorchLibrary
{
    /// <inheritdoc/>
    public TorchVersion Load()
    {
        using (torch.NewDisposeScope())
        {
            var a = torch.ones(8, 8);
            a.matmul(a);
        }

        return new TorchVersion(
            torch.__version__,
            torch.get_num_threads(),
            torch.get_num_interop_threads(),
            torch.cuda.is_available() ? torch.cuda.device_count() : 0,
            TorchLibraries.IsMended);
    }
}
