using System.ComponentModel;
using System.Diagnostics;

namespace DasSearch.Store.Tests.Optuna;

/// <summary>A test that needs Optuna itself (Debian: python3-optuna), which no build of ours installs.</summary>
public sealed class OptunaFactAttribute : FactAttribute
{
    private static readonly string? _python = new[] { Environment.GetEnvironmentVariable("DAS_PYTHON"), "/usr/bin/python3", "python3" }
        .OfType<string>()
        .FirstOrDefault(HasOptuna);

    public OptunaFactAttribute()
    {
        if (_python is null)
        {
            Skip = "There is no Python with optuna; DAS_PYTHON names another one.";
        }
    }

    /// <summary>Runs a script, and gives what it prints.</summary>
    internal static string Run(string script, params string[] arguments)
    {
        var (output, error, code) = Start(_python!, ["-c", script, .. arguments]);
        return code == 0 ? output : throw new InvalidOperationException(error);
    }

    private static bool HasOptuna(string python)
    {
        try
        {
            return Start(python, ["-c", "import optuna"]).Code == 0;
        }
        catch (Win32Exception)
        {
            return false; // no such program
        }
    }

    private static (string Output, string Error, int Code) Start(string python, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, error.Result, process.ExitCode);
    }
}
