using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace DasSearch.Cli.Tests;

/// <summary>A <c>das</c> that runs as a process of its own, as a user's does: it can be killed.</summary>
internal sealed class DasProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _underWay = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DasProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment[SearchFixture.Photos.Name] = SearchFixture.Photos.Value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _firstLine.TrySetResult(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) =>
        {
            _errors.Append(line.Data).Append('\n');
            if (line.Data is null || line.Data.Contains("batches", StringComparison.Ordinal))
            {
                _underWay.TrySetResult();
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether it has ended.</summary>
    internal bool IsOver => _process.HasExited;

    /// <summary>Completes once it says how many batches it has to do, or is over.</summary>
    internal Task UnderWay => _underWay.Task;

    /// <summary>What it prints first.</summary>
    internal Task<string> FirstLine => _firstLine.Task;

    /// <summary>Starts one.</summary>
    /// <remarks>Signals count, even where the tests themselves run in the background or by nohup, which hands down that they do not.</remarks>
    internal static DasProcess Start(params IEnumerable<string> args) =>
        new(new ProcessStartInfo("env", ["--default-signal=HUP,INT", "dotnet", Program, .. args]));

    /// <summary>Starts one that can write no file larger than so many KiB, as on a disk that is full.</summary>
    internal static DasProcess StartWithoutRoom(int kibibytes, params IEnumerable<string> args)
    {
        // .NET's own double mapping of code is a file, too, of gigabytes.
        var start = new ProcessStartInfo("bash", ["-c", $"trap '' XFSZ; ulimit -f {kibibytes}; exec dotnet \"$@\"", "bash", Program, .. args]);
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new DasProcess(start);
    }

    /// <summary>Runs a script of a shell that stands in a folder and has <c>das</c>.</summary>
    internal static async Task<ShellResult> ShellAsync(string folder, string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", "das() { dotnet \"$DAS\" \"$@\"; }\n" + script])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        (start.Environment["DAS"], start.Environment[SearchFixture.Photos.Name]) = (Program, SearchFixture.Photos.Value);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new ShellResult(await output, await error);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code, and what it said on stderr.</returns>
    internal async Task<(int Code, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync();
        return (_process.ExitCode, _errors.ToString());
    }

    /// <summary>Sends it a signal.</summary>
    /// <param name="name">Such as <c>HUP</c>.</param>
    internal void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    internal void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "das.dll");
}

/// <summary>What a script left behind.</summary>
internal sealed record ShellResult(string Output, string Error);
