using DasSearch.Data.FashionMnist;

namespace DasSearch.Cli.Doctor;

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
        var missing = FashionMnistFolder.Missing(folder);
        var remedy = missing.Count switch
        {
            0 => null,
            _ when !Directory.Exists(folder) =>
                $"install the Debian package dataset-fashion-mnist, or set {FashionMnistFolder.Variable} to the folder of its files",
            _ => $"missing in that folder: {string.Join(", ", missing)} (.gz or unpacked)",
        };
        return new DatasetFacts("fashion-mnist", folder, missing.Count == 0, remedy);
    }
}
