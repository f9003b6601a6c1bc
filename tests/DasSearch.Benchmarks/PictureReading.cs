using System.Diagnostics;
using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using SkiaSharp;

namespace DasSearch.Benchmarks;

/// <summary>From JPEGs of 640×480 to batches of ViLT's images, beside torch's DataLoader with as many workers.</summary>
internal static class PictureReading
{
    private const int Files = 64;
    private const int BatchSize = 32;

    /// <summary>Measures for some seconds, and prints images a second and the processors' time of one.</summary>
    /// <param name="args">The seconds; 10 where there are none.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] args)
    {
        var seconds = args is [var some] ? double.Parse(some, CultureInfo.InvariantCulture) : 10;
        var folder = Directory.CreateTempSubdirectory("das-reading-");
        try
        {
            Draw(folder.FullName);
            var task = TaskTable.Named("photos").Open(new DataSources(static _ => null), new TaskSettings
            {
                View = BackboneView.Natural with { TakesPadding = true },
                Data = new DataConfig { Root = folder.FullName, Shape = PictureShape.Ratio },
            });
            _ = Read(task, seconds / 2); // until it is compiled at its best
            var (watch, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            var images = Read(task, seconds);
            Print("das", images, watch.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - before);
            Peer(folder.FullName, seconds);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Read(IVisionLanguageTask task, double seconds)
    {
        var (images, watch, batches) = (0, Stopwatch.StartNew(), task.Facts.BatchesOf(Split.Train, BatchSize));
        using var ahead = new Prefetcher<Batch>(long.MaxValue, i => task.Batch(Split.Train, i / batches, (int)(i % batches), BatchSize));
        while (watch.Elapsed.TotalSeconds < seconds && ahead.Next(CancellationToken.None) is { } next)
        {
            using var batch = next;
            images += batch.Size;
        }

        return images;
    }

    private static void Peer(string folder, double seconds)
    {
        if (!PyTorchPeer.IsInstalled)
        {
            Console.WriteLine("no Python with torch is here");
            return;
        }

        using var process = Process.Start(new ProcessStartInfo(
            PyTorchPeer.Python!, [Path.Combine(AppContext.BaseDirectory, "reading.py"), folder, $"{Environment.ProcessorCount}", seconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
        var words = process.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (words.Length == 3)
        {
            var numbers = words.Select(static word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
            Print("DataLoader", (int)numbers[0], TimeSpan.FromSeconds(numbers[1]), TimeSpan.FromSeconds(numbers[2]));
        }
    }

    private static void Print(string name, int images, TimeSpan time, TimeSpan processors) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-11} {images / time.TotalSeconds,6:F1} images a second, {processors.TotalMilliseconds / images:F1} ms of a processor each"));

    // Smooth waves with edges and some noise, some 100 kB each.
    private static void Draw(string folder)
    {
        foreach (var (split, count) in new[] { ("train", Files), ("val", 1), ("test", 1) })
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, split, "one")).FullName;
            for (var file = 0; file < count; file++)
            {
                var random = SeededRandom.Derive(0, $"reading/{split}", file);
                using var bitmap = new SKBitmap(640, 480);
                for (var y = 0; y < bitmap.Height; y++)
                {
                    for (var x = 0; x < bitmap.Width; x++)
                    {
                        var level = (byte)(128 + (60 * Math.Sin((x + (file * 9)) / 30.0) * Math.Cos(y / 40.0)) + random.Next(24));
                        bitmap.SetPixel(x, y, new SKColor(level, (byte)(255 - level), (byte)((x / 40 % 2 * 90) + (level / 2))));
                    }
                }

                using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
                File.WriteAllBytes(Path.Combine(place, $"{file}.jpg"), data.ToArray());
            }
        }
    }
}
