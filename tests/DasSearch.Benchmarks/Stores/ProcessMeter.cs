using System.Diagnostics;
using System.Globalization;

namespace DasSearch.Benchmarks.Stores;

/// <summary>Runs a command of das as a user does, in a process of its own. Linux only: it reads /proc.</summary>
internal static class ProcessMeter
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every machine that Linux has .NET for

    // Often enough that little is missed of the last moments, and seldom enough not to slow down what is measured.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal static ProcessCost Run(params string[] command)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "das.dll"), .. command])
        {
            RedirectStandardOutput = true,
        };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var drained = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        var (processor, memory) = (TimeSpan.Zero, 0L);
        while (!process.WaitForExit(_pause))
        {
            // Both only grow, and are gone with the process: the last look is what counts.
            processor = Processor(process.Id) ?? processor;
            memory = PeakMemory(process.Id) ?? memory;
        }

        var wall = clock.Elapsed;
        drained.Wait();
        return process.ExitCode == 0
            ? new ProcessCost(wall, processor, memory)
            : throw new InvalidOperationException($"das {string.Join(' ', command)} ended with {process.ExitCode}.");
    }

    /// <summary>User and system time, fields 14 and 15 of <c>stat</c> (proc_pid_stat(5)); what is in brackets before them may have blanks.</summary>
    private static TimeSpan? Processor(int id) =>
        Read(id, "stat") is { } stat && stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is { Length: > 12 } fields
            ? TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksPerSecond)
            : null;

    /// <summary>The line <c>VmHWM: … kB</c> of <c>status</c>, which is missing once the process has ended.</summary>
    private static long? PeakMemory(int id) =>
        Read(id, "status")?.Split('\n').FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line
            ? Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024
            : null;

    private static long Number(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string? Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }
}

/// <summary>What a process took.</summary>
/// <param name="Wall">From its start to its end.</param>
/// <param name="Processor">Time of the processors, in steps of 10 ms.</param>
/// <param name="PeakMemory">The most memory that it had resident, in bytes.</param>
internal sealed record ProcessCost(TimeSpan Wall, TimeSpan Processor, long PeakMemory);
