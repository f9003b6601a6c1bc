namespace DasSearch.Architecture.Tests.Launcher;

/// <summary>
/// A folder with a space in its name that stands for the repository, and a PATH with little on it but what a test adds.
/// </summary>
internal sealed class MadeUpMachine : IDisposable
{
    // What the launcher takes for granted on any system.
    private static readonly string[] Basics =
        ["awk", "bash", "cat", "cmp", "cp", "cut", "env", "find", "flock", "grep", "gzip", "head", "ls", "mkdir", "mktemp", "mv", "paste",
         "readlink", "rm", "sh", "sha512sum", "sleep", "tar", "tee", "timeout", "touch", "wc"];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("das launcher ");

    public MadeUpMachine()
    {
        _root.CreateSubdirectory("commands");
        _root.CreateSubdirectory("artifacts/launcher");
        foreach (var tool in Basics)
        {
            var place = new[] { "/usr/bin", "/bin" }.Select(folder => Path.Combine(folder, tool)).First(File.Exists);
            File.CreateSymbolicLink(PathOf($"commands/{tool}"), place);
        }
    }

    /// <summary>The full path of something in the made-up repository.</summary>
    public string PathOf(string relative) => Path.Combine(_root.FullName, relative);

    /// <summary>Puts a bash script on the PATH.</summary>
    public void AddCommand(string name, string body)
    {
        var file = PathOf($"commands/{name}");
        File.Delete(file); // It may be a link to the system's own, which must not be written to.
        File.WriteAllText(file, $"#!/usr/bin/env bash\n{body}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    /// <summary>Runs a script in which the launcher's common part, and the given ones, are loaded.</summary>
    public Task<ProcessResult> RunAsync(string[] parts, string script)
    {
        var load = string.Join('\n', parts.Prepend("common").Select(part => $". '{Repository.PathOf($"build/{part}.sh")}'"));
        return ProcessResult.OfAsync(
            "/bin/bash",
            ["-c", $"set -euo pipefail\nroot='{_root.FullName}'\n{load}\n{script}"],
            new Dictionary<string, string?>
            {
                ["PATH"] = PathOf("commands"),
                ["HOME"] = PathOf("home"),
                ["DAS_TORCH"] = null,
                ["DOTNET_ROOT"] = null,
                ["FASHION_MNIST"] = null,
                ["EMOJI_DATA"] = null,
                ["npm_config_registry"] = null,
            });
    }

    public void Dispose() => _root.Delete(recursive: true);
}
