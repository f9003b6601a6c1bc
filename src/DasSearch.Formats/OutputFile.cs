using System.Globalization;
using System.Text.RegularExpressions;
using DasSearch.Core;
using Microsoft.Win32.SafeHandles;

namespace DasSearch.Formats;

/// <summary>Writes outputs: a file is there as a whole or not at all, and what is no file is written into.</summary>
/// <remarks>
/// What a path is, <see cref="OutputPlace"/> says. What may be written over is <see cref="OutputGuard"/>'s to say, before the work begins.
/// </remarks>
public static class OutputFile
{
    /// <summary>Writes beside the place first and renames, so that a failure leaves what was there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it, into a stream that cannot be sought back.</param>
    /// <param name="cancellation">Ends waiting for somebody to read from a pipe.</param>
    /// <exception cref="OutputException">It cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static void Write(string path, Action<Stream> write, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        Guarded(path, () =>
        {
            var place = OutputPlace.Of(path);
            if (place.IsWrittenInto)
            {
                WriteInto(place, write, cancellation);
            }
            else
            {
                Replace(place.Path, beside =>
                {
                    using var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None);
                    write(file);
                    file.Flush(flushToDisk: true);
                });
            }
        });
    }

    /// <summary>The same for what can only be made as a file, such as a database.</summary>
    /// <param name="path">The file.</param>
    /// <param name="make">Makes it, at the path that it is given.</param>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public static void Make(string path, Action<string> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        Guarded(path, () =>
        {
            var place = OutputPlace.Of(path);
            if (!place.IsWrittenInto)
            {
                Replace(place.Path, make);
                return;
            }

            var folder = Directory.CreateTempSubdirectory("das-");
            try
            {
                var made = Path.Combine(folder.FullName, "output");
                make(made);
                using var file = File.OpenRead(made);
                WriteInto(place, file.CopyTo, CancellationToken.None);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
    }

    /// <summary>A name in a folder that nothing has, on whatever machine: short, so that it fits wherever the output's own name does.</summary>
    internal static string Beside(string folder) => Path.Combine(folder, $".das-{Path.GetRandomFileName()}.new");

    private static void Guarded(string path, Action write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{path} cannot be written: {failure.Message}", failure);
        }
    }

    private static void Replace(string path, Action<string> make)
    {
        var beside = Beside(Path.GetDirectoryName(path)!);
        try
        {
            make(beside);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            Remove(beside);
        }
    }

    private static void WriteInto(OutputPlace place, Action<Stream> write, CancellationToken cancellation)
    {
        using var file = Waited(place, cancellation);
        try
        {
            write(file);
            file.Flush();
        }
        catch
        {
            Empty(file);
            throw;
        }
    }

    // A pipe is opened once somebody reads from it.
    private static Stream Waited(OutputPlace place, CancellationToken cancellation)
    {
        var opening = Task.Run(() => Open(place), CancellationToken.None);
        try
        {
            return opening.WaitAsync(cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // timeout(1) signals a process and its group: whoever listens for signals must still be there when the second one comes.
            Thread.Sleep(TimeSpan.FromMilliseconds(200));
            throw;
        }
    }

    private static Stream Open(OutputPlace place) => place.Descriptor switch
    {
        // Through the console, since files would be written from where they stood when they were opened, and not from where the shell
        // and others go on.
#pragma warning disable RS0030
        1 => Console.OpenStandardOutput(),
        2 => Console.OpenStandardError(),
#pragma warning restore RS0030
        { } number => new FileStream(new SafeFileHandle(number, ownsHandle: false), FileAccess.Write),
        null => new FileStream(place.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite),
    };

    // A file that was empty before is so again. Of a device nothing can be taken back.
    private static void Empty(Stream file)
    {
        try
        {
            file.SetLength(0);
        }
        catch (Exception failure) when (failure is IOException or NotSupportedException or UnauthorizedAccessException)
        {
            // What matters, that it could not be written, is told already.
        }
    }

    // Once renamed, there is nothing to remove, and that is fine.
    private static void Remove(string beside)
    {
        try
        {
            File.Delete(beside);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What matters, that the file was not written, is told already.
        }
    }
}

/// <summary>What a path to write to stands for, once links are followed.</summary>
/// <param name="Path">The path in full, without links.</param>
/// <param name="Descriptor">The open file of this process that is meant, such as 1 by <c>-</c> and <c>/dev/stdout</c>; null for none.</param>
public sealed partial record OutputPlace(string Path, int? Descriptor)
{
    /// <summary>What stands for the standard output.</summary>
    public const string StandardOutput = "-";

    private const int MostLinks = 40; // as Linux has it

    /// <summary>Whether it is the standard output.</summary>
    public bool IsStandardOutput => Descriptor == 1;

    /// <summary>Whether it is there, and empty: it has nothing to lose, and is written into. Devices, pipes and sockets are all of that kind.</summary>
    public bool IsWrittenInto => Descriptor is not null || new FileInfo(Path) is { Exists: true, Length: 0 };

    /// <summary>Whether other files can lie beside it.</summary>
    public bool IsInAFolder => Descriptor is null && !Special().IsMatch(Path);

    /// <summary>Finds it out.</summary>
    /// <exception cref="IOException">There are links that lead nowhere, or the folder of this process is gone.</exception>
    public static OutputPlace Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path == StandardOutput)
        {
            return new OutputPlace("/dev/stdout", 1);
        }

        var real = Real(path);
        return Descriptors().Match(real) is { Success: true } match && match.Groups[1].Value == Own
            ? new OutputPlace(real, int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : new OutputPlace(real, null);
    }

    /// <summary>Whether this process was started with an open file of that number that can be written.</summary>
    /// <remarks>
    /// Where it was closed, the runtime takes the number for a pipe of its own, into which nothing may be written. That one is told by
    /// its being closed for child processes, which what comes from a parent process cannot be; see proc_pid_fdinfo(5).
    /// </remarks>
    public static bool IsOpen(int descriptor)
    {
        const int Writable = 0x3;
        const int ClosedOnExec = 0x80000;
        var open = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{descriptor}");
        if (!File.Exists(open))
        {
            return !Directory.Exists("/proc/self/fdinfo"); // no such system
        }

        const string Flags = "flags:";
        var flags = File.ReadLines(open).FirstOrDefault(static line => line.StartsWith(Flags, StringComparison.Ordinal));
        var bits = flags is null ? Writable : Convert.ToInt64(flags[Flags.Length..].Trim(), fromBase: 8);
        return (bits & Writable) != 0 && (bits & ClosedOnExec) == 0;
    }

    /// <summary>The path in full, with links followed, those of folders, too; a part that is not there stays as it is.</summary>
    /// <exception cref="OutputException">They lead in a circle.</exception>
    internal static string Real(string path)
    {
        var full = System.IO.Path.IsPathRooted(path) ? path : System.IO.Path.Combine(Directory.GetCurrentDirectory(), path);
        var root = System.IO.Path.GetPathRoot(full)!;
        var (real, left, links) = (root, new Stack<string>(Parts(full[root.Length..])), 0);
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                real = System.IO.Path.GetDirectoryName(real) ?? root;
                continue;
            }

            var next = System.IO.Path.Combine(real, part);
            if (Descriptors().IsMatch(next) || new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new OutputException($"{path} is a link that leads to no file: more than {MostLinks} links follow each other");
            }

            real = System.IO.Path.IsPathRooted(target) ? System.IO.Path.GetPathRoot(target)! : real;
            foreach (var more in Parts(target))
            {
                left.Push(more);
            }
        }

        return real;
    }

    private static string Own => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    // The last one first.
    private static IEnumerable<string> Parts(string path) =>
        path.Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(static part => part != ".").Reverse();

    [GeneratedRegex(@"^/proc/(\d+)/(?:task/\d+/)?fd/(\d+)\z")]
    private static partial Regex Descriptors();

    [GeneratedRegex("^/(dev|proc|sys)/(?!shm/)")]
    private static partial Regex Special();
}

/// <summary>A file or folder could not be written; what was there is as it was.</summary>
public sealed class OutputException(string message, Exception? innerException = null) : DasSearchException(message, innerException);
