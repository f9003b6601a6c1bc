using DasSearch.Data;
using DasSearch.Data.Tasks;
using SkiaSharp;

namespace DasSearch.Benchmarks;

/// <summary>Shows a task's scenes to people: the first of a split, on one sheet.</summary>
internal static class TaskPictures
{
    private const int Columns = 8;
    private const int Rows = 4;
    private const int Gap = 4;

    /// <summary>Writes a PNG.</summary>
    /// <param name="args">The task, the split and the file.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] args)
    {
        if (args is not [var name, var word, var file] || !Enum.TryParse<Split>(word, ignoreCase: true, out var split))
        {
            Console.Error.WriteLine("./das bench pictures takes a task, such as emojivl-vqa, a split (train, validation or test) and the PNG file to write");
            return 2;
        }

        var task = TaskTable.Named(name).Open(new DataSources(Environment.GetEnvironmentVariable), new TaskSettings());
        using var batch = task.Batch(split, epoch: 0, index: 0, Rows * Columns);
        var (side, cell) = (task.Facts.ImageSide, task.Facts.ImageSide + Gap);
        using var bitmap = new SKBitmap(Columns * cell, Rows * cell);
        var pixels = batch.Images[0].data<float>().ToArray();
        var (darkest, range) = (pixels.Min(), pixels.Max() - pixels.Min());
        for (var i = 0; i < Rows * Columns * side * side; i++)
        {
            var (scene, row, column) = (i / (side * side), i / side % side, i % side);
            bitmap.SetPixel(
                (scene % Columns * cell) + column,
                (scene / Columns * cell) + row,
                new SKColor(Level(scene, 0, row, column), Level(scene, 1, row, column), Level(scene, 2, row, column)));
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var output = File.Create(file);
        png.SaveTo(output);
        return 0;

        byte Level(int scene, int channel, int row, int column) =>
            (byte)(255 * (pixels[(((((scene * 3) + channel) * side) + row) * side) + column] - darkest) / range);
    }
}
