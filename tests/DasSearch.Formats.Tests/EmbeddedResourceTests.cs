using DasSearch.Core;
using DasSearch.Fuzzing;

namespace DasSearch.Formats.Tests;

public sealed class EmbeddedResourceTests : IDisposable
{
    private const string Schema = "plan.schema.json";

    private static readonly string _assembly = typeof(EmbeddedResource).Assembly.Location;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-resource-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ReadBytes_OfAResource_AreThoseThatWereEmbedded() => Assert.Equal(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Schema)), EmbeddedResource.Find(_assembly, Schema).ToArray());

    [Fact]
    public void Find_WhatIsNotThere_SaysSo()
    {
        Assert.Contains("lacks an embedded resource .onnx", Said(() => EmbeddedResource.Find(_assembly, ".onnx")), StringComparison.Ordinal);
        Assert.Contains("is no .NET assembly", Said(() => EmbeddedResource.Find(Path.Combine(AppContext.BaseDirectory, Schema), Schema)), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_InAnyBytes_IsReadOrRefusedInASentence() => Fuzz.Check("assembly", 200, [File.ReadAllBytes(_assembly)], bytes =>
    {
        var path = Path.Combine(_folder.FullName, "assembly.dll");
        File.WriteAllBytes(path, bytes);
        _ = EmbeddedResource.Find(path, Schema).ToArray();
    });

    private static string Said(Action read) => Assert.Throws<DasSearchException>(read).Message;
}
