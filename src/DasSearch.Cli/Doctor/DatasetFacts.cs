namespace DasSearch.Cli.Doctor;

/// <summary>Whether a dataset is where das looks for it.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Path">The folder looked at.</param>
/// <param name="Found">Whether every file is there.</param>
/// <param name="Remedy">What to do when it is not; null when it is.</param>
internal sealed record DatasetFacts(string Name, string Path, bool Found, string? Remedy)
{
    private const string FashionMnistVariable = "FASHION_MNIST";

    // Where Debian's dataset-fashion-mnist installs.
    private const string FashionMnistDefault = "/usr/share/datasets/fashion-mnist";

    private static readonly string[] IdxFiles =
    [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ];

    /// <summary>Fashion-MNIST: four IDX files, packed with gzip or not.</summary>
    public static DatasetFacts FashionMnist(Func<string, string?> environment)
    {
        var folder = environment(FashionMnistVariable) is { Length: > 0 } chosen ? chosen : FashionMnistDefault;
        var missing = IdxFiles.Where(name => !IsThere(folder, name)).ToList();
        var remedy = missing.Count switch
        {
            0 => null,
            _ when !Directory.Exists(folder) =>
                $"install the Debian package dataset-fashion-mnist, or set {FashionMnistVariable} to the folder of its files",
            _ => $"missing in that folder: {string.Join(", ", missing)} (.gz or unpacked)",
        };
        return new DatasetFacts("fashion-mnist", folder, missing.Count == 0, remedy);
    }

    private static bool IsThere(string folder, string name) =>
        File.Exists(System.IO.Path.Combine(folder, name)) || File.Exists(System.IO.Path.Combine(folder, name + ".gz"));
}
