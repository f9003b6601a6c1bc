using System.Text.Json;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>What PyTorch gave; made by Fixtures/make_fixtures.py.</summary>
internal static class Fixture
{
    private static readonly JsonElement s_root =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "layers.json"))).RootElement;

    internal static JsonElement Case(string name) => s_root.GetProperty(name);

    /// <summary>A float64 tensor of the case.</summary>
    internal static Tensor Read(this JsonElement @case, string name)
    {
        var entry = @case.GetProperty(name);
        var values = entry.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        var shape = entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        return tensor(values, shape);
    }
}
