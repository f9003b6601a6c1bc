using DasSearch.App;
using DasSearch.Data.FashionMnist;
using DasSearch.Data.WordNet;

namespace DasSearch.Cli.Doctor;

/// <summary>Everything <c>das doctor</c> found; the JSON of <c>--json</c> is this record in snake_case.</summary>
/// <param name="Schema">Name and version of this shape; the number grows when a key changes its meaning or goes.</param>
/// <param name="Das">This build of das.</param>
/// <param name="Machine">Runtime, operating system and hardware.</param>
/// <param name="Torch">The tensor library.</param>
/// <param name="Datasets">The datasets that das knows where to look for.</param>
/// <param name="Environment">The variables that change numbers or speed, null where they are not set.</param>
internal sealed record DoctorReport(
    string Schema,
    DasFacts Das,
    MachineFacts Machine,
    TorchFacts Torch,
    IReadOnlyList<DatasetFacts> Datasets,
    IReadOnlyDictionary<string, string?> Environment)
{
    /// <summary>The current <see cref="Schema"/>.</summary>
    public const string CurrentSchema = "das-search/doctor/2";

    private static readonly string[] EnvironmentNames =
    [
        "CUDA_VISIBLE_DEVICES",
        "DAS_CACHE",
        "DAS_CACHE_MIB",
        "DAS_TORCH",
        "EMOJI_DATA",
        "FASHION_MNIST",
        "LD_LIBRARY_PATH",
        "MKL_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_CORETYPE",
        "OPENBLAS_NUM_THREADS",
        "WORDNET",
    ];

    /// <summary>Looks at the build, the machine and the libraries.</summary>
    /// <param name="build">What the build chose.</param>
    /// <param name="torch">The tensor library, which is loaded by this.</param>
    /// <param name="environment">Reads an environment variable; null where it is not set.</param>
    public static DoctorReport Gather(BuildFacts build, ITorchLibrary torch, Func<string, string?> environment) => new(
        CurrentSchema,
        new DasFacts(build.Version, build.Commit),
        MachineFacts.Gather(),
        TorchFacts.Gather(torch, build.TorchPackage, environment("DAS_TORCH_WHY")),
        [DatasetFacts.FashionMnist(environment), DatasetFacts.WordNet(environment)],
        EnvironmentNames.ToDictionary(name => name, environment));
}

/// <summary>This build of das.</summary>
/// <param name="Version">The version.</param>
/// <param name="Commit">The commit that was checked out when it was built, or null.</param>
internal sealed record DasFacts(string Version, string? Commit);

/// <summary>Whether a dataset is where das looks for it.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Path">The folder looked at.</param>
/// <param name="Found">Whether every file is there.</param>
/// <param name="Remedy">What to do when it is not; null when it is.</param>
internal sealed record DatasetFacts(string Name, string Path, bool Found, string? Remedy)
{
    /// <summary>Fashion-MNIST: four IDX files, packed with gzip or not.</summary>
    public static DatasetFacts FashionMnist(Func<string, string?> environment)
    {
        var folder = FashionMnistFolder.Resolve(environment);
        return Of("fashion-mnist", folder, FashionMnistFolder.Missing(folder), "dataset-fashion-mnist", FashionMnistFolder.Variable, " (.gz or unpacked)");
    }

    /// <summary>WordNet: its four data files.</summary>
    public static DatasetFacts WordNet(Func<string, string?> environment)
    {
        var folder = WordNetFolder.Resolve(environment);
        return Of("wordnet", folder, WordNetFolder.Missing(folder), "wordnet-base", WordNetFolder.Variable, "");
    }

    private static DatasetFacts Of(string name, string folder, IReadOnlyList<string> missing, string package, string variable, string also) => new(
        name, folder, missing.Count == 0, missing.Count == 0 ? null
            : !Directory.Exists(folder) ? $"install the Debian package {package}, or set {variable} to the folder of its files"
            : $"missing in that folder: {string.Join(", ", missing)}{also}");
}
