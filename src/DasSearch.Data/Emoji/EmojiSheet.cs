using SkiaSharp;

namespace DasSearch.Data.Emoji;

/// <summary>A sheet of pictures: a square PNG of cells of 66×66 pixels, each a picture of 64×64 with a border of one pixel.</summary>
/// <remarks>A file is trusted with nothing: its size is checked before memory is asked for, and a cell before it is copied.</remarks>
internal sealed class EmojiSheet
{
    /// <summary>Height and width of a picture, in pixels.</summary>
    public const int Side = 64;

    /// <summary>The most cells in a row or column that are accepted.</summary>
    public const int MostCells = 100;

    private const int CellSide = Side + 2;
    private const int MostBytes = 64 << 20;

    private readonly byte[] _pixels;
    private readonly int _cells;
    private readonly string _path;

    private EmojiSheet(byte[] pixels, int cells, string path) => (_pixels, _cells, _path) = (pixels, cells, path);

    /// <exception cref="DatasetException">The file cannot be read, or is no such sheet.</exception>
    public static EmojiSheet Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.Length <= MostBytes
                ? Decode(file, path)
                : throw new InvalidDataException($"it has {file.Length} bytes, expected at most {MostBytes}");
        }
        catch (InvalidDataException error)
        {
            throw new DatasetException($"{path} is no sheet of emoji: {error.Message}; {EmojiFolder.Remedy}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path} cannot be read: {error.Message.TrimEnd('.')}; {EmojiFolder.Remedy}.", error);
        }
    }

    /// <summary>Copies one picture: red, green, blue and alpha, each colour multiplied by alpha, [64, 64, 4].</summary>
    /// <exception cref="DatasetException">The sheet has no such cell, or nothing is in it.</exception>
    public void Copy(EmojiEntry entry, Span<byte> picture)
    {
        if (entry.Column >= _cells || entry.Row >= _cells)
        {
            throw new DatasetException(
                $"{_path} has {_cells}×{_cells} pictures, but '{entry.Name}' should be in column {entry.Column}, row {entry.Row}; {EmojiFolder.Remedy}.");
        }

        var stride = _cells * CellSide * 4;
        var corner = (((entry.Row * CellSide) + 1) * stride) + (((entry.Column * CellSide) + 1) * 4);
        for (var row = 0; row < Side; row++)
        {
            _pixels.AsSpan(corner + (row * stride), Side * 4).CopyTo(picture[(row * Side * 4)..]);
        }

        if (picture.IndexOfAnyExcept((byte)0) < 0)
        {
            throw new DatasetException($"{_path} shows nothing where '{entry.Name}' should be; {EmojiFolder.Remedy}.");
        }
    }

    private static EmojiSheet Decode(Stream file, string path)
    {
        using var codec = SKCodec.Create(file) ?? throw new InvalidDataException("it is no PNG");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (codec.EncodedFormat != SKEncodedImageFormat.Png || width != height || width % CellSide != 0 || width / CellSide is < 1 or > MostCells)
        {
            throw new InvalidDataException(
                $"it is {codec.EncodedFormat} of {width}×{height} pixels, expected Png, square, of 1 to {MostCells} cells of {CellSide} pixels");
        }

        var result = codec.GetPixels(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul), out var pixels);
        return result == SKCodecResult.Success
            ? new EmojiSheet(pixels, width / CellSide, path)
            : throw new InvalidDataException($"it is truncated or damaged (it decodes to {result})");
    }
}
