using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using DasSearch.Core;
using DasSearch.Formats.Llama2c;

namespace DasSearch.Formats;

/// <summary>What a reader wants a file to be.</summary>
public sealed class InputKind
{
    private const string Another = "name another file";

    private InputKind(string name, long mostBytes, string remedy, string pattern, params string[] accepted) =>
        (Name, MostBytes, Remedy, Pattern, Accepted) = (name, mostBytes, remedy, pattern, accepted);

    /// <summary>Whatever it is, most likely weights: its bytes count, not what they mean.</summary>
    public static InputKind Any { get; } = new("a file", long.MaxValue, Another, "*.safetensors*");

    /// <summary>Settings.</summary>
    public static InputKind Settings { get; } = new("settings in YAML", 1 << 20, Another, "*.yaml", InputFile.TextName, InputFile.JsonName);

    /// <summary>What somebody says of a run.</summary>
    public static InputKind Notes { get; } = new("notes in Markdown", 1 << 20, Another, "*.md", InputFile.TextName, InputFile.JsonName);

    /// <summary>A skip plan.</summary>
    public static InputKind Plan { get; } = new("a plan in JSON", 64 << 20, Another, "*.plan.json", InputFile.TextName, InputFile.JsonName);

    /// <summary>What a program printed, or takes.</summary>
    public static InputKind Log { get; } = new("a log or a script", 256 << 20, "name another file, or a part of it", "*.log", InputFile.TextName, InputFile.JsonName);

    /// <summary>Weights.</summary>
    public static InputKind Weights { get; } = new("a safetensors file", long.MaxValue, Another, "*.safetensors*", InputFile.SafetensorsName);

    /// <summary>Weights of any format that is read.</summary>
    public static InputKind Checkpoint { get; } = new(
        "a checkpoint",
        long.MaxValue,
        "name another file, of safetensors, PyTorch (zip), NumPy (.npz, .npy), ONNX or llama2.c",
        "*.safetensors*",
        InputFile.SafetensorsName,
        InputFile.TorchName,
        InputFile.ArraysName,
        InputFile.ArrayName,
        InputFile.OnnxName,
        InputFile.Llama2cName);

    /// <summary>A model for ONNX.</summary>
    public static InputKind OnnxModel { get; } = new("an ONNX file", long.MaxValue, Another, "*.onnx", InputFile.OnnxName);

    /// <summary>What tells in which of several files weights lie.</summary>
    public static InputKind WeightIndex { get; } = new("an index of a checkpoint's files", 100_000_000, Another, "*.index.json", InputFile.TextName, InputFile.JsonName);

    /// <summary>What a model's folder says of it beside its weights.</summary>
    public static InputKind ModelSettings { get; } = new("a model's settings in JSON", 1 << 20, Another, "*.json", InputFile.TextName, InputFile.JsonName);

    /// <summary>Samples, one a line.</summary>
    public static InputKind Samples { get; } = new("samples in JSON lines", 1 << 30, "name another file, or a part of it", "*.jsonl", InputFile.TextName, InputFile.JsonName);

    /// <summary>A picture; its reader tells whether it is one.</summary>
    public static InputKind Picture { get; } = new("a picture", 256 << 20, "take it out of the data, or fetch it again", "*.jpg", InputFile.PngName, InputFile.JpegName);

    /// <summary>What a data set says of its samples.</summary>
    public static InputKind Table { get; } = new("a data set's table in JSON", 1L << 32, "fetch it again", "*.json", InputFile.TextName, InputFile.JsonName);

    /// <summary>A tokenizer's merges, packed or not.</summary>
    public static InputKind Merges { get; } = new("a list of merges", 64 << 20, "fetch it again", "*.txt*", InputFile.TextName, InputFile.GzipName);

    /// <summary>A database of das.</summary>
    public static InputKind Database { get; } = new("a database of das", long.MaxValue, "name another file with --db", "*.db", InputFile.SqliteName, InputFile.TextName);

    /// <summary>What messages call it, such as <c>a plan in JSON</c>.</summary>
    public string Name { get; }

    /// <summary>How many bytes one has at most.</summary>
    internal long MostBytes { get; }

    /// <summary>What to do about a file that is something else, where nothing better is known.</summary>
    internal string Remedy { get; }

    /// <summary>What the names of such files are like.</summary>
    internal string Pattern { get; }

    /// <summary>The formats that its reader looks at.</summary>
    internal IReadOnlyList<string> Accepted { get; }
}

/// <summary>Files from outside: whether they are there, of a size that one can have, and what they really are, told for every reader in one place.</summary>
/// <remarks>
/// Researchers' files are often not what their names say: a checkpoint is a pickle, a Git LFS pointer that was never fetched, or the page on
/// which the download would have been. The first bytes tell; the last ones, too, where it is an archive.
/// </remarks>
public static class InputFile
{
    internal const string TextName = "text";
    internal const string JsonName = "JSON";
    internal const string SafetensorsName = "a safetensors file";
    internal const string OnnxName = "an ONNX file";
    internal const string TorchName = "a PyTorch file (zip)";
    internal const string ArraysName = "NumPy arrays (.npz)";
    internal const string ArrayName = "a NumPy array (.npy)";
    internal const string Llama2cName = "a model of llama2.c";
    internal const string GzipName = "packed with gzip";
    internal const string SqliteName = "an SQLite database";
    internal const string PngName = "a picture (PNG)";
    internal const string JpegName = "a picture (JPEG)";

    private const int Head = 4096;
    private const int Tail = 1 << 16;
    private const int Shown = 40;
    private const string Convert = "convert it to safetensors, as src/DasSearch.Exports/README.md tells (section Back)";
    private const string Pickle = "das does not open plain pickles, since they can run code: with PyTorch 1.6 or later, torch.save(torch.load(OLD, map_location='cpu'), NEW) writes a zip file that it reads";
    private const string Download = "download the file itself";
    private const string Unpack = "unpack it first";

    private static readonly Format[] _formats =
    [
        new("a Git LFS pointer", "git lfs pull fetches the file itself", static file => file.Begins("version https://git-lfs.github.com/spec/"u8)),
        new("a git-annex pointer", "git annex get fetches the file itself", static file => file.Begins("/annex/objects/"u8)),
        new("a web page (HTML)", Download, static file => file.IsPage),
        new(SafetensorsName, null, static file => file.IsSafetensors),
        new(Llama2cName, Convert, static file => file.IsLlama2c),
        new(SqliteName, null, static file => file.Begins("SQLite format 3\0"u8)),
        new(TorchName, Convert, static file => file.IsZip && file.Has(".pkl"u8)),
        new(ArraysName, Convert, static file => file.IsZip && file.Has(".npy"u8)),
        new("a zip archive", Unpack, static file => file.IsZip),
        new("a PyTorch file (pickle)", Pickle, static file => file.IsPickle),
        new(GzipName, "unpack it first, with gunzip", static file => file.Begins([0x1f, 0x8b])),
        new("packed with bzip2", Unpack, static file => file.Begins("BZh"u8)),
        new("packed with xz", Unpack, static file => file.Begins([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])),
        new("packed with zstd", Unpack, static file => file.Begins([0x28, 0xb5, 0x2f, 0xfd])),
        new("a 7z archive", Unpack, static file => file.Begins([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])),
        new("a tar archive", Unpack, static file => file.At(257, "ustar"u8)),
        new(OnnxName, "name the checkpoint that it was made of", static file => file.IsOnnx),
        new("an HDF5 file (of Keras, say)", Convert, static file => file.Begins([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])),
        new(ArrayName, Convert, static file => file.Begins([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])),
        new("a GGUF file", "name the checkpoint that it was made of, in safetensors", static file => file.Begins("GGUF"u8)),
        new("a Parquet file", null, static file => file.Begins("PAR1"u8)),
        new("a PDF", null, static file => file.Begins("%PDF-"u8)),
        new(PngName, null, static file => file.Begins([0x89, 0x50, 0x4e, 0x47])),
        new(JpegName, null, static file => file.Begins([0xff, 0xd8, 0xff])),
        new("a program (ELF)", null, static file => file.Begins([0x7f, 0x45, 0x4c, 0x46])),
        new(JsonName, null, static file => file.IsText && file.Trimmed is [(byte)'{' or (byte)'[', ..]),
        new(TextName, null, static file => file.IsText),
    ];

    /// <summary>Opens a file, to be read from its beginning and sought in.</summary>
    /// <exception cref="InputException">There is none, it cannot be read, or it is something else.</exception>
    public static FileStream Open(string path, InputKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return Guarded(path, kind, () =>
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            try
            {
                if (!file.CanSeek)
                {
                    throw new InputException(path, $"is a pipe or a device, and {kind.Name} is read from here and there: save it to a file first");
                }

                Check(path, kind, file.Length, Opening.Of(file));
                file.Position = 0;
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        });
    }

    /// <summary>A file's bytes; it may be a pipe.</summary>
    /// <exception cref="InputException">There is none, it cannot be read, is longer than one of its kind, or is something else.</exception>
    public static byte[] ReadBytes(string path, InputKind kind) => Load(path, kind).ToArray();

    /// <summary>A file's text, of whatever encoding its first bytes tell, else UTF-8; it may be a pipe.</summary>
    /// <exception cref="InputException">There is none, it cannot be read, is longer than one of its kind, or is something else.</exception>
    public static string ReadText(string path, InputKind kind)
    {
        using var text = new StreamReader(Load(path, kind));
        return text.ReadToEnd();
    }

    /// <summary>Whether a file is weights of a format that is read, whatever it is called.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static bool IsCheckpoint(string path) => InputKind.Checkpoint.Accepted.Contains(FormatOf(ByteRange.OfFile(path, InputKind.Any)));

    /// <summary>What bytes are; null where no format that is known is theirs.</summary>
    internal static string? FormatOf(ByteRange bytes)
    {
        using var file = bytes.Open();
        var opening = Opening.Of(file);
        return Array.Find(_formats, format => format.Is(opening))?.Name;
    }

    /// <summary>Why a file is not of a kind, as what follows its name in a sentence; null where nothing speaks against it.</summary>
    public static string? Problem(string path, InputKind kind)
    {
        try
        {
            using var file = Open(path, kind);
            return null;
        }
        catch (InputException failure)
        {
            return failure.Problem;
        }
    }

    private static MemoryStream Load(string path, InputKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return Guarded(path, kind, () =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.CanSeek && file.Length > kind.MostBytes)
            {
                Check(path, kind, file.Length, Opening.Of(file));
            }

            // Some do not know their length, such as pipes.
            var bytes = new MemoryStream(file.CanSeek ? (int)file.Length : 0);
            var part = new byte[Tail];
            for (int read; bytes.Length <= kind.MostBytes && (read = file.Read(part)) > 0;)
            {
                bytes.Write(part, 0, read);
            }

            Check(path, kind, bytes.Length, Opening.Of(bytes));
            bytes.Position = 0;
            return bytes;
        });
    }

    private static void Check(string path, InputKind kind, long length, Opening opening)
    {
        if (length == 0 && kind != InputKind.Any)
        {
            throw new InputException(path, $"is empty, and so is not {kind.Name}: it was perhaps not written or downloaded to its end; {kind.Remedy}");
        }

        if (kind != InputKind.Any && Array.Find(_formats, format => format.Is(opening)) is { } found && !kind.Accepted.Contains(found.Name))
        {
            var beginning = found.Name == TextName ? $" that begins with '{opening.FirstLine}'" : "";
            throw new InputException(path, $"is {found.Name}{beginning}, not {kind.Name}: {found.Remedy ?? kind.Remedy}");
        }

        if (length > kind.MostBytes)
        {
            throw new InputException(path, $"has more than {kind.MostBytes} bytes, the most that are read of {kind.Name}: {kind.Remedy}");
        }
    }

    private static T Guarded<T>(string path, InputKind kind, Func<T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return Directory.Exists(path) ? throw new InputException(path, $"is a folder: name a file in it{Example(path, kind)}") : read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // The last two are what a name leads to that no file can have.
            throw new InputException(path, $"cannot be read: {failure.Message}", failure);
        }
    }

    private static string Example(string folder, InputKind kind)
    {
        try
        {
            return Directory.EnumerateFiles(folder, kind.Pattern).Select(Path.GetFileName).Order(StringComparer.Ordinal).FirstOrDefault() is { } name
                ? $", such as {name}"
                : "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return ""; // It is a folder, whatever is in it.
        }
    }

    /// <summary>A format, and what to do with such a file where something else is wanted; null for what the reader says.</summary>
    private sealed record Format(string Name, string? Remedy, Func<Opening, bool> Is);

    /// <summary>A file's first and last bytes.</summary>
    private sealed class Opening(byte[] head, byte[] tail, long length)
    {
        internal bool IsLlama2c => Llama2cFile.Is(head, length);

        internal bool IsZip => Begins("PK\x03\x04"u8) || Begins("PK\x05\x06"u8);

        internal bool IsPickle => head is [0x80, >= 2 and <= 5, ..] && !IsSafetensors;

        internal bool IsSafetensors => head.Length > sizeof(ulong)
            && head[sizeof(ulong)] == '{'
            && BinaryPrimitives.ReadUInt64LittleEndian(head) is >= 2 and <= SafetensorsFile.MaximumHeader;

        // Field 1, the version of the format; then a text (producer, domain) or a message (graph).
        internal bool IsOnnx => head is [0x08, >= 1 and <= 32, 0x12 or 0x1a or 0x22 or 0x32 or 0x3a or 0x42, ..] && !IsSafetensors;

        // Text in which nothing is but letters and what sets them out; it may end within a letter.
        internal bool IsText => Text is { } text && text.All(static letter => !char.IsControl(letter) || letter is '\n' or '\r' or '\t' or '\f' or '\u001b' or '\b');

        internal bool IsPage => Trimmed is [(byte)'<', ..]
            && Text is { } text
            && (text.Contains("<html", StringComparison.OrdinalIgnoreCase) || text.Contains("<!doctype html", StringComparison.OrdinalIgnoreCase)
                || text.Contains("<head", StringComparison.OrdinalIgnoreCase) || text.Contains("<body", StringComparison.OrdinalIgnoreCase));

        internal string FirstLine => Text!.Trim('\uFEFF', ' ', '\t', '\r', '\n').Split('\n')[0].Trim() is var line && line.Length > Shown
            ? line[..Shown] + "…"
            : line;

        internal ReadOnlySpan<byte> Trimmed => head.AsSpan()[(head is [0xef, 0xbb, 0xbf, ..] ? 3 : 0)..].TrimStart(" \t\r\n"u8);

        private string? Text { get; } = Decode(head, isWhole: head.Length == length);

        internal static Opening Of(Stream file)
        {
            var (head, tail) = (new byte[Math.Min(Head, file.Length)], new byte[Math.Min(Tail, file.Length)]);
            file.Position = 0;
            file.ReadExactly(head);
            file.Position = file.Length - tail.Length;
            file.ReadExactly(tail);
            return new Opening(head, tail, file.Length);
        }

        internal bool Begins(ReadOnlySpan<byte> bytes) => head.AsSpan().StartsWith(bytes);

        internal bool At(int place, ReadOnlySpan<byte> bytes) => head.Length > place && head.AsSpan(place).StartsWith(bytes);

        internal bool Has(ReadOnlySpan<byte> bytes) => head.AsSpan().IndexOf(bytes) >= 0 || tail.AsSpan().IndexOf(bytes) >= 0;

        private static string? Decode(ReadOnlySpan<byte> bytes, bool isWhole)
        {
            // A sample may end within a letter.
            const int LongestLetter = 4;
            for (var cut = 0; cut < (isWhole ? 1 : LongestLetter); cut++)
            {
                if (Utf8.IsValid(bytes[..^cut]))
                {
                    return Encoding.UTF8.GetString(bytes[..^cut]);
                }
            }

            return null;
        }
    }
}

/// <summary>A file from outside is not there, cannot be read, or is something else.</summary>
/// <param name="path">The file.</param>
/// <param name="problem">What follows its name in a sentence.</param>
/// <param name="innerException">What the system said, if it said something.</param>
public sealed class InputException(string path, string problem, Exception? innerException = null) : DasSearchException($"{path} {problem}", innerException)
{
    /// <summary>What follows the file's name in a sentence.</summary>
    public string Problem => problem;
}
