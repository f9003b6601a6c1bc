using System.Diagnostics;

namespace DasSearch.Transfer.Tests;

/// <summary>A Python with PyTorch (Debian: python3-torch), which no build of ours installs: the referee of numbers.</summary>
internal static class PyTorch
{
    private static readonly string? _python = new[] { Environment.GetEnvironmentVariable("DAS_PYTHON"), "/usr/bin/python3", "python3" }
        .FirstOrDefault(static python => !string.IsNullOrEmpty(python) && Answers(python));

    /// <summary>Why a test that asks it is skipped; null where it is there.</summary>
    internal static string? Missing => _python is null ? "There is no Python with torch; DAS_PYTHON names another one." : null;

    /// <summary>Runs a script to its end.</summary>
    internal static void Run(string script, params string[] arguments)
    {
        var (code, error) = Start(_python!, ["-B", script, .. arguments]);
        Assert.True(code == 0, error);
    }

    /// <summary>Begins a script that takes lines of arguments on stdin, and answers each with a line that says <c>done</c>.</summary>
    internal static PyTorchListener Listen(string script) => new(_python!, script);

    private static bool Answers(string python)
    {
        try
        {
            return Start(python, ["-c", "import numpy, torch"]).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Error) Start(string python, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        _ = output.Result;
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}

/// <summary>A script that goes on, and does what it is told.</summary>
internal sealed class PyTorchListener : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    internal PyTorchListener(string python, string script)
    {
        _process = Process.Start(new ProcessStartInfo(python, ["-B", script, "--listen"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Has it do something, and waits until that is done.</summary>
    /// <param name="arguments">What it is given; none has a quotation mark.</param>
    internal void Run(IEnumerable<string> arguments)
    {
        _process.StandardInput.WriteLine(string.Join(' ', arguments.Select(static argument => $"'{argument}'")));
        var answer = _process.StandardOutput.ReadLine();
        Assert.True(answer == "done", answer ?? _errors.Result);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
