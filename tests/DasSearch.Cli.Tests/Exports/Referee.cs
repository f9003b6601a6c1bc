using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>The tools that exports are for, in processes of their own: PyTorch, the ONNX checker and Jupyter.</summary>
/// <remarks><c>./das test</c> installs them (<c>build/referees.sh</c>); a test that needs one that is missing fails.</remarks>
internal static class Referee
{
    private const string Remedy = "./das test installs it, and says why where it cannot";
    private static readonly Lazy<string> _torch = new(() => Python("torch"));
    private static readonly Lazy<string> _onnx = new(() => Python("onnx"));
    private static readonly Lazy<string> _jupyter = new(() => Python("nbclient"));

    // From top to bottom in a kernel of its own, in the notebook's folder; then a last cell with what the test asks.
    private const string RunNotebook = """
        import pathlib, sys, warnings
        warnings.simplefilter("ignore")
        import nbclient, nbformat
        path = pathlib.Path(sys.argv[1])
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        notebook.cells.append(nbformat.v4.new_code_cell(sys.argv[2]))
        nbclient.NotebookClient(notebook, kernel_name="python3", timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
        print("".join(output.text for output in notebook.cells[-1].outputs if output.get("name") == "stdout"))
        """;

    /// <summary>Runs a Python file or, after <c>-c</c>, a program, where torch is.</summary>
    internal static Task<string> PyTorchAsync(params string[] arguments) => OutputOfAsync(_torch.Value, arguments);

    /// <summary>Runs a notebook in Jupyter, and then a cell more, whose standard output it gives.</summary>
    internal static Task<string> JupyterAsync(string notebook, string cell) =>
        OutputOfAsync(_jupyter.Value, ["-Xfrozen_modules=off", "-c", RunNotebook, notebook, cell], ("PYDEVD_DISABLE_FILE_VALIDATION", "1"), ("MPLBACKEND", "agg"));

    /// <summary>A notebook's text as Jupyter writes it.</summary>
    internal static Task<string> JupyterFormatsAsync(string notebook) =>
        OutputOfAsync(_jupyter.Value, ["-c", "import nbformat, sys; print(nbformat.writes(nbformat.read(sys.argv[1], 4)))", notebook]);

    /// <summary>Runs a Python program where the onnx package is.</summary>
    internal static Task<string> OnnxAsync(string program, params string[] arguments) =>
        OutputOfAsync(_onnx.Value, ["-c", program, .. arguments]);

    /// <summary>Lines of JSON as rows of numbers.</summary>
    internal static IReadOnlyList<float[]> Rows(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<float[]>(line)!)];

    // DAS_PYTHON, the system's, or the first on the path.
    private static string Python(string module)
    {
        var candidates = new[] { Environment.GetEnvironmentVariable("DAS_PYTHON"), "/usr/bin/python3", "python3" }
            .OfType<string>().ToList();
        var found = candidates.Find(python => Has(python, module));
        Assert.True(found is not null, $"no Python of {string.Join(", ", candidates)} has {module}: {Remedy}");
        return found!;
    }

    private static bool Has(string python, string module)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", $"import {module}"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // No such program.
        }
    }

    private static async Task<string> OutputOfAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {output[^Math.Min(output.Length, 2000)..]}{await error}");
        return output;
    }

    internal static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DasSearch.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
