using System.Diagnostics;

namespace DasSearch.Benchmarks.Stores;

/// <summary>A dashboard as a user has it: <c>das dashboard</c> in a process of its own, ended with this.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    private readonly Process _process;

    private RunningDashboard(Process process, Uri address) => (_process, Address) = (process, address);

    internal Uri Address { get; }

    /// <summary>Bytes of main memory that the process has.</summary>
    internal long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts it at a free port, and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended at once.</exception>
    internal static async Task<RunningDashboard> StartAsync(string database)
    {
        string[] command = [Path.Combine(AppContext.BaseDirectory, "das.dll"), "dashboard", "--port", "0", "--db", database];
        var process = Process.Start(new ProcessStartInfo("dotnet", command)
        {
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_TC_QuickJitForLoops"] = "0" }, // as ./das has it
        })!;
        return await process.StandardOutput.ReadLineAsync() is { } address
            ? new RunningDashboard(process, new Uri(address))
            : throw new InvalidOperationException("das dashboard ended at once.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
