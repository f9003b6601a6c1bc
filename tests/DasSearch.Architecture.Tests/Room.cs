namespace DasSearch.Architecture.Tests;

/// <summary>A room, and what it may know.</summary>
/// <param name="Name">The project under src/, without its prefix.</param>
/// <param name="Rooms">The rooms that it may reference.</param>
/// <param name="Packages">The packages that it may reference.</param>
/// <param name="Torch">Whether it may see tensors.</param>
/// <param name="Web">Whether it may serve pages.</param>
internal sealed record Room(string Name, string[] Rooms, string[] Packages, bool Torch = false, bool Web = false)
{
    /// <summary>
    /// The design's table. Transfer, Worker, App and Cli see tensors because Models shows them to whoever uses it.
    /// No arrow points back, so the order below is one in which the rooms can be built.
    /// </summary>
    public static IReadOnlyList<Room> All { get; } =
    [
        new("Core", [], []),
        new("Formats", ["Core"], ["YamlDotNet"]),
        new("Controller", ["Core"], ["MathNet.Numerics"]),
        new("Models", ["Core", "Formats"], [], Torch: true),
        new("Transfer", ["Core", "Models"], [], Torch: true),
        new("Data", ["Core", "Formats"], ["Microsoft.ML.Tokenizers", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies"], Torch: true),
        new("Worker", ["Core", "Models", "Transfer", "Data", "Controller"], [], Torch: true),
        new("Store", ["Core", "Formats"], ["Microsoft.Data.Sqlite", "Dapper"]),
        new("Reporter", ["Core", "Formats", "Store"], ["MathNet.Numerics", "CsvHelper", "OxyPlot.Core", "OxyPlot.SkiaSharp", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies", "HarfBuzzSharp.NativeAssets.Linux"]),
        new("Exports", ["Core", "Formats", "Models", "Transfer", "Store"], ["CsvHelper", "Google.Protobuf"], Torch: true),
        new(
            "App",
            ["Core", "Formats", "Controller", "Models", "Transfer", "Data", "Worker", "Store", "Reporter", "Exports"],
            [],
            Torch: true),
        new("Dashboard", ["Core", "Store", "Reporter", "App"], [], Web: true),
        new(
            "Cli",
            ["Core", "Formats", "Controller", "Models", "Transfer", "Data", "Worker", "Store", "Reporter", "Exports", "App", "Dashboard"],
            ["System.CommandLine", "Spectre.Console", "CsvHelper"],
            Torch: true),
    ];

    /// <summary>The project file, relative to the root.</summary>
    public string Project => $"src/DasSearch.{Name}/DasSearch.{Name}.csproj";

    /// <summary>The compiled room.</summary>
    public string Assembly => Repository.PathOf(
        $"artifacts/bin/DasSearch.{Name}/{Repository.Configuration}/{(Name == "Cli" ? "das" : $"DasSearch.{Name}")}.dll");

    /// <summary>The room of a name.</summary>
    public static Room Named(string name) => All.Single(room => room.Name == name);
}
