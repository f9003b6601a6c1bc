using System.Text.Json;
using DasSearch.Data;
using DasSearch.Data.Tasks;

namespace DasSearch.Benchmarks;

/// <summary>Writes a task's samples as plain arrays, for programs that are compared with das on the same data.</summary>
internal static class TaskArrays
{
    private const int Rows = 1000;

    /// <summary>Writes <c>SPLIT.images</c>, <c>.ids</c>, <c>.mask</c> and <c>.targets</c>, row by row as memory has them, and <c>facts.json</c>.</summary>
    /// <param name="args">The task, one of answering, and the folder.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] args)
    {
        if (args is not [var name, var folder])
        {
            Console.Error.WriteLine("./das bench arrays takes a task, such as fashionvl-vqa, and the folder to write into");
            return 2;
        }

        var task = TaskTable.Named(name).Open(new DataSources(Environment.GetEnvironmentVariable), new TaskSettings());
        if (task.Facts.Kind != TaskKind.Answering)
        {
            Console.Error.WriteLine($"{name} is no task of answering: the programs that read arrays know no other kind");
            return 2;
        }

        Directory.CreateDirectory(folder);
        foreach (var split in new[] { Split.Train, Split.Validation })
        {
            Write(task, split, Path.Combine(folder, split.ToString().ToLowerInvariant()));
        }

        var facts = task.Facts;
        File.WriteAllText(Path.Combine(folder, "facts.json"), JsonSerializer.Serialize(new Dictionary<string, int>
        {
            ["train"] = facts.SizeOf(Split.Train),
            ["validation"] = facts.SizeOf(Split.Validation),
            ["text_length"] = facts.TextLength,
            ["answers"] = facts.Answers.Count,
        }));
        return 0;
    }

    // The training split in the order of its first epoch.
    private static void Write(IVisionLanguageTask task, Split split, string path)
    {
        using var images = File.Create(path + ".images");
        using var ids = File.Create(path + ".ids");
        using var mask = File.Create(path + ".mask");
        using var targets = File.Create(path + ".targets");
        for (var index = 0; index < task.Facts.BatchesOf(split, Rows); index++)
        {
            using var batch = task.Batch(split, epoch: 0, index, Rows);
            images.Write(batch.Images[0].bytes);
            ids.Write(batch.Texts.Ids.bytes);
            mask.Write(batch.Texts.Mask.bytes);
            targets.Write(batch.Targets!.bytes);
        }
    }
}
