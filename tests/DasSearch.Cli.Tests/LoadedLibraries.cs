using System.Diagnostics;

namespace DasSearch.Cli.Tests;

/// <summary>What a command loads.</summary>
internal static class LoadedLibraries
{
    /// <summary>Runs a command to its end in a process of its own, and gives what the dynamic linker says of it.</summary>
    /// <param name="listed">A file beside which the linker may write.</param>
    /// <param name="arguments">The command.</param>
    internal static async Task<string> OfAsync(string listed, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "das.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["LD_DEBUG"] = "files";
        start.Environment["LD_DEBUG_OUTPUT"] = listed;
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        return string.Concat(Directory.GetFiles(Path.GetDirectoryName(listed)!, Path.GetFileName(listed) + ".*").Select(File.ReadAllText));
    }
}
