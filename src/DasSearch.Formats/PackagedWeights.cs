using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>Files of packages with weights that others trained, which the build lays out once.</summary>
public static class PackagedWeights
{
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

/// <summary>Where in an assembly's file an embedded resource lies; read as data, and none of its code is run.</summary>
/// <param name="Path">The assembly.</param>
/// <param name="Name">The resource's name.</param>
/// <param name="Start">Its first byte in the file.</param>
/// <param name="Length">Its bytes.</param>
public sealed record EmbeddedResource(string Path, string Name, long Start, long Length)
{
    /// <summary>Finds a resource by the end of its name.</summary>
    /// <exception cref="DasSearchException">The file is no assembly, or has no such resource, or not all of it.</exception>
    public static EmbeddedResource Find(string assembly, string nameEnd)
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
                var name = metadata.GetString(resource.Name);
                if (!name.EndsWith(nameEnd, StringComparison.Ordinal))
                {
                    continue;
                }

                // Four bytes of length, then the resource.
                var from = start + resource.Offset;
                var room = Math.Min(file.Length, start + (long)directory.Size) - from - sizeof(uint);
                file.Position = from;
                using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
                var length = room < 0 ? uint.MaxValue : reader.ReadUInt32();
                return length <= room
                    ? new EmbeddedResource(assembly, name, from + sizeof(uint), length)
                    : throw new DasSearchException($"{assembly} ends within its resource {name}");
            }

            throw new DasSearchException($"{assembly} lacks an embedded resource {nameEnd}");
        }
        catch (Exception failure) when (failure is BadImageFormatException or InvalidOperationException or EndOfStreamException)
        {
            throw new DasSearchException($"{assembly} is no .NET assembly: {failure.Message}", failure);
        }
    }

    /// <summary>Its bytes.</summary>
    /// <param name="most">How many there may be.</param>
    /// <exception cref="DasSearchException">There are more.</exception>
    public byte[] ReadBytes(int most)
    {
        if (Length > most)
        {
            throw new DasSearchException($"{Path} has {Length} bytes in {Name}, expected at most {most}");
        }

        using var file = InputFile.Open(Path, InputKind.Any);
        file.Position = Start;
        var bytes = new byte[Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
