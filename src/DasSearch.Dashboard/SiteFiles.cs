using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace DasSearch.Dashboard;

/// <summary>The files of the site, which are embedded in this assembly and served from memory.</summary>
internal sealed class SiteFiles
{
    private const string Prefix = "Site/";

    private static readonly Dictionary<string, string> _types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly Dictionary<string, SiteFile> _files = new(StringComparer.Ordinal);

    internal SiteFiles()
    {
        var assembly = typeof(SiteFiles).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (_types.TryGetValue(Path.GetExtension(name), out var type))
            {
                _files.Add(name[Prefix.Length..].Replace('\\', '/'), new SiteFile(name, type));
            }
        }
    }

    /// <summary>Every file's name and bytes.</summary>
    internal IEnumerable<KeyValuePair<string, byte[]>> All => _files.Select(static file => KeyValuePair.Create(file.Key, file.Value.Bytes));

    /// <summary>Answers with a file, or that there is none.</summary>
    /// <param name="status">What the answer is otherwise to be.</param>
    internal Task ServeAsync(HttpContext context, string name, int status = StatusCodes.Status200OK)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        // Kept by the browser, and asked for again each time, which costs nothing but a tag.
        var (request, response) = (context.Request, context.Response);
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = file.Tag;
        response.Headers.Vary = "Accept-Encoding";
        if (status == StatusCodes.Status200OK && request.Headers.IfNoneMatch == file.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        (response.StatusCode, response.ContentType) = (status, file.Type);
        var isPacked = request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal);
        if (isPacked)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        var bytes = isPacked ? file.Packed : file.Bytes;
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    /// <summary>A file, read and packed when it is first asked for.</summary>
    private sealed class SiteFile(string resource, string type)
    {
        private readonly Lazy<byte[]> _bytes = new(() => Read(resource));
        private byte[]? _packed;
        private string? _tag;

        internal string Type => type;

        internal byte[] Bytes => _bytes.Value;

        internal byte[] Packed => _packed ??= Pack(Bytes);

        internal string Tag => _tag ??= $"\"{Convert.ToHexStringLower(SHA256.HashData(Bytes))}\"";

        private static byte[] Read(string resource)
        {
            using var stream = typeof(SiteFiles).Assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }

        private static byte[] Pack(byte[] bytes)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            {
                gzip.Write(bytes);
            }

            return packed.ToArray();
        }
    }
}
