using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace DasSearch.Benchmarks;

/// <summary>The same work in PyTorch: a Python process that waits for a line, does the work, and answers.</summary>
/// <remarks>
/// One question and answer through the pipe takes some 30 µs, so callers ask for enough work at once. The peer takes
/// as many threads as libtorch takes here.
/// </remarks>
internal sealed class PyTorchPeer : IDisposable
{
    private static readonly string? s_python = FindPython();
    private readonly Process _process;

    internal PyTorchPeer(string work)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "peer.py");
        var threads = torch.get_num_threads().ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(new ProcessStartInfo(s_python!, [script, work, threads])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Expect("ready");
    }

    /// <summary>Whether a Python with torch is found: DAS_PYTHON, the system's, or the first on the path.</summary>
    internal static bool IsInstalled => s_python is not null;

    /// <summary>That Python; null for none.</summary>
    internal static string? Python => s_python;

    internal void Run(int times)
    {
        _process.StandardInput.WriteLine(times.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
        Expect("done");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string? FindPython() =>
        new[] { Environment.GetEnvironmentVariable("DAS_PYTHON"), "/usr/bin/python3", "python3" }
            .OfType<string>()
            .FirstOrDefault(HasTorch);

    private static bool HasTorch(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import torch"])
            {
                RedirectStandardError = true,
            })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // No such program.
        }
    }

    private void Expect(string answer)
    {
        var line = _process.StandardOutput.ReadLine();
        if (line != answer)
        {
            throw new InvalidOperationException($"The PyTorch peer answered '{line}', expected '{answer}'.");
        }
    }
}
