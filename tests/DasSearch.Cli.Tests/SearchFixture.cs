using DasSearch.Data.FashionMnist;

namespace DasSearch.Cli.Tests;

/// <summary>One whole search over a tiny ViLT on real photos, which several tests look at.</summary>
public sealed class SearchFixture : IAsyncLifetime
{
    internal const string Tiny = """
        task: fashionvl-vqa
        backbone: vilt
        skip: 2
        model: {width: 8, layers: 4, heads: 2, patch_size: 28}
        search: {epochs: 2, steps_between_rounds: 2, batch_size: 25, samples: 200, learning_rate: 0.01}
        validation: {batch_size: 50}
        adapters: {skip_bottleneck: 2, parallel_bottleneck: 1}
        training: {epochs: 1, batch_size: 2500}
        """;

    // The commands see no environment but what a test gives them.
    private static readonly (string Name, string Value) _photos =
        (FashionMnistFolder.Variable, FashionMnistFolder.Resolve(Environment.GetEnvironmentVariable));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-search-");

    internal string Settings => PathOf("tiny.yaml");

    internal string Database => PathOf("runs.db");

    internal string Plan => PathOf("found.json");

    internal Das Search { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        File.WriteAllText(Settings, Tiny);
        Search = await RunAsync("search", Settings, "--db", Database, "-o", Plan);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    internal static Task<Das> RunAsync(params string[] args) => Das.RunAsync(args, _photos);

    internal static (string Name, string Value) Photos => _photos;

    internal Task<Das> RunWithDatabaseAsync(params string[] args) => RunAsync([.. args, "--db", Database]);
}
