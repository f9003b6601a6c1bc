namespace DasSearch.Cli.Doctor;

/// <summary>The tensor library: what was chosen, and what answered.</summary>
/// <param name="Backend"><c>system</c> or a package's name.</param>
/// <param name="Why">Why the launcher took it; null when das was not started by the launcher.</param>
/// <param name="Version">What the library says of itself; null when it could not be loaded.</param>
/// <param name="Blas">The linear-algebra libraries in this process; empty where they are built into libtorch.</param>
/// <param name="Problem">Why the library could not be loaded; null when it was.</param>
/// <param name="Remedy">What to do about it; null when nothing is wrong.</param>
internal sealed record TorchFacts(
    string Backend,
    string? Why,
    TorchVersion? Version,
    IReadOnlyList<BlasFacts> Blas,
    string? Problem,
    string? Remedy)
{
    /// <summary>Loads the library and asks it; a library that does not load is a fact, too.</summary>
    public static TorchFacts Gather(ITorchLibrary library, string backend, string? why)
    {
        try
        {
            var version = library.Load();
            var blas = BlasFacts.InThisProcess();
            return new TorchFacts(backend, why, version, blas, null, RemedyFor(blas));
        }
#pragma warning disable CA1031 // Which exception a broken library raises depends on what of it is broken.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new TorchFacts(backend, why, null, [], Describe(failure), RemedyFor(backend));
        }
    }

    /// <summary>What to do when nothing but the slow reference implementation is loaded.</summary>
    internal static string? RemedyFor(IReadOnlyList<BlasFacts> blas) =>
        blas.Count > 0 && blas.All(library => library.Name == BlasFacts.Reference)
            ? "this BLAS is about ten times slower than an optimised one: run `sudo apt-get install libopenblas0-pthread`"
            : null;

    // A type initialiser that fails hides the reason one or more levels down.
    private static string Describe(Exception failure)
    {
        while (failure.InnerException is not null)
        {
            failure = failure.InnerException;
        }

        return failure.Message.ReplaceLineEndings(" ").Trim();
    }

    private static string RemedyFor(string backend) => backend == "system"
        ? "run `sudo apt-get install libtorch-dev libopenblas0-pthread`, or set LIBTORCH to a libtorch folder, then `./das setup --again`"
        : $"run `./das setup --again` to restore {backend} anew, or `DAS_TORCH=system ./das doctor` to use the system's libtorch";
}
