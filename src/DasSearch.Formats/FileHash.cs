using System.Security.Cryptography;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>What tells a file's bytes from others.</summary>
public static class FileHash
{
    /// <summary>A file's SHA-256, in lower-case hexadecimal.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DasSearchException">It cannot be read.</exception>
    public static string Sha256(string path)
    {
        using var file = InputFile.Open(path, InputKind.Any);
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (IOException failure)
        {
            throw new InputException(path, $"cannot be read: {failure.Message}", failure);
        }
    }
}
