namespace DasSearch.Store.Tests;

/// <summary>A folder of one test, gone with all its files at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-store-");

    internal string Database => PathOf("das.db");

    public void Dispose() => _folder.Delete(recursive: true);

    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
