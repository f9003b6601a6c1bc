namespace DasSearch.Data.FashionMnist;

/// <summary>Where Fashion-MNIST's four IDX files lie (Xiao et al., arXiv:1708.07747).</summary>
public static class FashionMnistFolder
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "FASHION_MNIST";

    /// <summary>Where Debian's package <c>dataset-fashion-mnist</c> installs.</summary>
    public const string Default = "/usr/share/datasets/fashion-mnist";

    private static readonly string[] _files =
    [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ];

    /// <summary>What every message about the files ends in.</summary>
    internal const string Remedy =
        "install the Debian package dataset-fashion-mnist (sudo apt-get install --reinstall dataset-fashion-mnist), "
        + $"or set {Variable} to a folder with the four IDX files";

    /// <summary>The folder that the environment asks for, else the package's.</summary>
    /// <param name="environment">Looks an environment variable up.</param>
    public static string Resolve(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment(Variable) is { Length: > 0 } chosen ? chosen : Default;
    }

    /// <summary>The names of the files that a folder lacks, both unpacked and with <c>.gz</c>.</summary>
    public static IReadOnlyList<string> Missing(string folder) =>
        [.. _files.Where(name => !File.Exists(Path.Combine(folder, name)) && !File.Exists(Path.Combine(folder, name + ".gz")))];

    /// <summary>The path of one of the files, unpacked or with <c>.gz</c>.</summary>
    /// <exception cref="DatasetException">Neither is there.</exception>
    internal static string Find(string folder, string name)
    {
        var plain = Path.Combine(folder, name);
        var packed = plain + ".gz";
        return File.Exists(plain) ? plain
            : File.Exists(packed) ? packed
            : throw new DatasetException($"{name} (.gz or unpacked) was expected in {folder}, which {Lacks(folder)}; {Remedy}.");
    }

    private static string Lacks(string folder) =>
        Directory.Exists(folder) ? "has no such file"
        : File.Exists(folder) ? "is a file, not a folder"
        : "does not exist";
}
