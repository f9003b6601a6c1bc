using System.Security.Cryptography;
using System.Text;

namespace DasSearch.Core.Configuration;

/// <summary>A configuration together with the text that is stored for it.</summary>
/// <typeparam name="T">The record of its settings.</typeparam>
public sealed record ResolvedConfig<T>
    where T : class
{
    /// <summary>Keeps both.</summary>
    /// <param name="values">The settings, with nothing left open.</param>
    /// <param name="text">The same in canonical form: equal settings have equal texts. Not empty.</param>
    /// <param name="path">The file that they were read from, in full, against whose folder paths resolve; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> is empty.</exception>
    public ResolvedConfig(T values, string text, string? path)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        Values = values;
        Text = text;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        Path = path;
    }

    /// <summary>The settings.</summary>
    public T Values { get; }

    /// <summary>The same in canonical form.</summary>
    public string Text { get; }

    /// <summary>SHA-256 of the text's UTF-8 bytes, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>The file that they were read from, in full; null for none.</summary>
    public string? Path { get; }

    /// <summary>A path from the settings in full: relative ones start from the file's folder, else from the working directory.</summary>
    public string FullPath(string path) =>
        System.IO.Path.GetFullPath(path, System.IO.Path.GetDirectoryName(Path) ?? Environment.CurrentDirectory);
}
