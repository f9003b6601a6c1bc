using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DasSearch.Core;

namespace DasSearch.Dashboard;

/// <summary>
/// Commands of das that pages begin: processes of their own in sessions of their own, which outlive the page and the server. Each has a folder
/// <c>das.db.jobs/N</c> beside the database with its command, the run that it is of, its log, its process and at last its exit code.
/// </summary>
/// <param name="database">The database's file.</param>
/// <param name="das">How das is called: a program and its first arguments.</param>
internal sealed partial class Jobs(string database, IReadOnlyList<string> das)
{
    /// <summary>What a plan is called in the folder of the job that makes it.</summary>
    internal const string Plan = "plan.json";

    private const int MostRunning = 4;
    private const int LongestLog = 64 << 10;
    private const int LongestLine = 4 << 10;

    // The shell waits for das, whatever is signalled to both, so that the exit code is kept. Nothing of a command is ever read as shell.
    private const string Script = """
        trap : INT HUP; echo $$ > "$0/process.new"; mv "$0/process.new" "$0/process"; "$@" > "$0/log" 2>&1 < /dev/null; echo $? > "$0/code.new"; mv "$0/code.new" "$0/code"
        """;

    // What is wrong with a command line is told at once.
    private static readonly TimeSpan _atOnce = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(50);

    // What a folder has beside what its command makes.
    private static readonly string[] _own = ["command", "arguments", "run", "log", "process", "process.new", "code", "code.new"];

    private readonly Lock _beginning = new();

    private string Root => Path.GetFullPath(database) + ".jobs";

    /// <summary>Begins a command, and waits a moment for what it says of its arguments.</summary>
    /// <exception cref="DasSearchException">It ended at once with a failure, which is what it said; or too many are running.</exception>
    internal Task<Job> BeginAsync(JobCommand command, CancellationToken cancellationToken) => WaitAsync(Begin(command), cancellationToken);

    /// <summary>Goes on with a job that is over without having done its work: with a search's run, and with anything else by the same command in the same folder.</summary>
    /// <exception cref="DasSearchException">It runs, it is done, or it is not there; or likewise.</exception>
    internal Task<Job> GoOnAsync(int number, CancellationToken cancellationToken) => Read(number) switch
    {
        null => throw new UsageException($"there is no job {number}"),
        { CanGoOn: false, State: var state } => throw new UsageException($"job {number} is {EnumNames.NameOf(state)}"),
        { Kind: "search", Run: { } run } => BeginAsync(JobCommand.Resume(run), cancellationToken),
        _ => WaitAsync(BeginAgain(number), cancellationToken),
    };

    private async Task<Job> WaitAsync(Job job, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (job.State == JobState.Running && Stopwatch.GetElapsedTime(begun) < _atOnce)
        {
            await Task.Delay(_moment, cancellationToken);
            job = Read(job.Number)!;
        }

        return job.State == JobState.Failed ? throw new UsageException(ProblemOf(job.Number)) : job;
    }

    /// <summary>All of them, the latest first.</summary>
    internal IReadOnlyList<Job> All() => !Directory.Exists(Root)
        ? []
        : [
            .. Directory.GetDirectories(Root).Select(static folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
                .Where(static number => number > 0).OrderDescending().Select(Read).OfType<Job>(),
        ];

    /// <summary>The plan that came of a job.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    internal string PlanOf(int number) => Read(number) is { HasPlan: true } ? Path.Combine(FolderOf(number), Plan) : throw new UsageException($"job {number} has no plan");

    /// <summary>Packs what a job has made.</summary>
    /// <returns>The archive, which is gone once it is closed.</returns>
    /// <exception cref="UsageException">It has made nothing.</exception>
    internal FileStream Pack(int number)
    {
        var folder = new DirectoryInfo(FolderOf(number));
        var made = !folder.Exists ? [] : folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => file.DirectoryName != folder.FullName || !_own.Contains(file.Name)).OrderBy(static file => file.FullName, StringComparer.Ordinal).ToList();
        if (made.Count == 0)
        {
            throw new UsageException($"job {number} has made no files");
        }

        var packed = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (var file in made)
                {
                    archive.CreateEntryFromFile(file.FullName, Path.GetRelativePath(folder.FullName, file.FullName), CompressionLevel.Fastest);
                }
            }

            packed.Position = 0;
            return packed;
        }
        catch
        {
            packed.Dispose();
            throw;
        }
    }

    /// <summary>What a job has said, at most the last of it.</summary>
    internal string LogOf(int number) => LogOf(number, -LongestLog);

    /// <summary>The run that a job is of; null where that is not known, or not yet.</summary>
    internal long? RunOf(int number)
    {
        // Which run a search has become, it says itself.
        var file = Path.Combine(FolderOf(number), "run");
        var told = File.Exists(file)
            ? File.ReadAllText(file)
            : LogOf(number, LongestLine).Split('\n').Select(static line => SearchTitle().Match(line)).FirstOrDefault(title => title.Success && title.Groups["in"].Value == Path.GetFullPath(database))?.Groups["run"].Value;
        return long.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var run) ? run : null;
    }

    /// <summary>Why a job failed, as it said itself.</summary>
    internal string ProblemOf(int number)
    {
        var said = LogOf(number).TrimEnd().Split('\n');
        return said.FirstOrDefault(static line => line.StartsWith("das: ", StringComparison.Ordinal)) ?? said[^1];
    }

    /// <summary>Ends a job as Ctrl-C does: it saves what it has.</summary>
    /// <exception cref="UsageException">It is not running.</exception>
    internal void Stop(int number)
    {
        if (Read(number) is not { State: JobState.Running } || ProcessOf(FolderOf(number)) is not { } process)
        {
            throw new UsageException($"job {number} is not running");
        }

        using var kill = Process.Start("kill", ["-INT", "--", string.Create(CultureInfo.InvariantCulture, $"-{process}")]);
        kill.WaitForExit();
    }

    private Job Begin(JobCommand command)
    {
        lock (_beginning)
        {
            var all = CheckRoom();
            var number = all.Select(static job => job.Number).FirstOrDefault() + 1;
            var folder = FolderOf(number);
            Directory.CreateDirectory(folder);
            command.Prepare?.Invoke(folder);
            string[] arguments = [.. command.Arguments.Select(argument => argument.Replace(JobCommand.Folder, folder, StringComparison.Ordinal)), "--db", Path.GetFullPath(database)];
            File.WriteAllText(Path.Combine(folder, "arguments"), JsonSerializer.Serialize(arguments));
            if (command.Run is { } run)
            {
                File.WriteAllText(Path.Combine(folder, "run"), run.ToString(CultureInfo.InvariantCulture));
            }

            return Start(number, arguments);
        }
    }

    private Job BeginAgain(int number)
    {
        lock (_beginning)
        {
            CheckRoom();
            if (Read(number) is { CanGoOn: false, State: var state })
            {
                throw new UsageException($"job {number} is {EnumNames.NameOf(state)}"); // somebody else was faster
            }

            var folder = FolderOf(number);
            var file = Path.Combine(folder, "arguments");
            var arguments = File.Exists(file)
                ? JsonSerializer.Deserialize<string[]>(File.ReadAllText(file))!
                : throw new UsageException($"job {number} was begun by an older das: only a terminal can go on with it, by its command");
            return Start(number, arguments);
        }
    }

    private IReadOnlyList<Job> CheckRoom() => All() is var all && all.Count(static job => job.State == JobState.Running) < MostRunning
        ? all
        : throw new UsageException($"{MostRunning} jobs are running already: stop one, or wait");

    private Job Start(int number, string[] arguments)
    {
        var folder = FolderOf(number);
        File.WriteAllText(Path.Combine(folder, "command"), ShellLine.Of(["das", .. arguments]));
        File.Delete(Path.Combine(folder, "process"));
        File.Delete(Path.Combine(folder, "code"));
        using var process = Process.Start(new ProcessStartInfo(
            "setsid", ["--fork", "env", "--default-signal=INT,HUP", "sh", "-c", Script, folder, .. das, .. arguments]))!;
        process.WaitForExit();
        return Read(number)!;
    }

    private Job? Read(int number)
    {
        var folder = FolderOf(number);
        var command = Path.Combine(folder, "command");
        if (!File.Exists(command))
        {
            return null;
        }

        // The process first: it leaves its code before it is gone.
        var isRunning = IsBeginning(folder) || ProcessOf(folder) is not null;
        var code = Path.Combine(folder, "code");
        var state = !File.Exists(code) ? (isRunning ? JobState.Running : JobState.Gone)
            : File.ReadAllText(code).Trim() switch { "0" => JobState.Done, "130" => JobState.Interrupted, _ => JobState.Failed };
        return new Job(
            number,
            File.ReadAllText(command),
            state,
            File.GetLastWriteTimeUtc(command),
            RunOf(number),
            state == JobState.Running ? LogOf(number, -LongestLine).TrimEnd().Split('\n')[^1] : "",
            HasPlan: state == JobState.Done && File.Exists(Path.Combine(folder, Plan)));
    }

    [GeneratedRegex("^.* · run (?<run>[0-9]+) in (?<in>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SearchTitle();

    // At most so many bytes of it, below 0 from its end.
    private string LogOf(int number, int most)
    {
        var log = new FileInfo(Path.Combine(FolderOf(number), "log"));
        if (!log.Exists)
        {
            return "";
        }

        using var file = new FileStream(log.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[Math.Min(file.Length, Math.Abs(most))];
        file.Seek(most < 0 ? -bytes.Length : 0, most < 0 ? SeekOrigin.End : SeekOrigin.Begin);
        return Encoding.UTF8.GetString(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
    }

    // It has been made, and has not yet said which process it is.
    private static bool IsBeginning(string folder) =>
        !File.Exists(Path.Combine(folder, "process")) && TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(Path.Combine(folder, "command")) < _atOnce;

    // Numbers of processes are given again: only one that was begun for this folder is the job's.
    private static int? ProcessOf(string folder)
    {
        var file = Path.Combine(folder, "process");
        if (!File.Exists(file) || !int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var process))
        {
            return null;
        }

        var command = $"/proc/{process.ToString(CultureInfo.InvariantCulture)}/cmdline";
        try
        {
            return File.ReadAllText(command).Split('\0').Contains(folder) ? process : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string FolderOf(int number) => Path.Combine(Root, number.ToString(CultureInfo.InvariantCulture));
}

/// <summary>A command to begin.</summary>
/// <param name="Arguments">Its arguments, without the database; <see cref="Folder"/> in one is the job's folder.</param>
/// <param name="Run">The run that it is of; null where it makes one.</param>
internal sealed record JobCommand(IReadOnlyList<string> Arguments, long? Run)
{
    /// <summary>What stands for the job's folder.</summary>
    internal const string Folder = "{folder}";

    /// <summary>The plan's file: not wherever the server was started.</summary>
    internal const string PlanPath = Folder + "/" + Jobs.Plan;

    /// <summary>Fills the job's folder; null for nothing.</summary>
    internal Action<string>? Prepare { get; init; }

    /// <summary>Goes on with a search.</summary>
    internal static JobCommand Resume(long run) => new(["resume", run.ToString(CultureInfo.InvariantCulture), "-o", PlanPath], run);
}

/// <summary>A command that a page began.</summary>
/// <param name="Command">As one would type it.</param>
/// <param name="Run">The run that it is of; null where that is not known, or not yet.</param>
/// <param name="Last">The last line of what it said, where it is running.</param>
/// <param name="HasPlan">Whether a plan came of it.</param>
internal sealed record Job(int Number, string Command, JobState State, DateTimeOffset Begun, long? Run, string Last, bool HasPlan)
{
    /// <summary>What it does: search, resume, train or export.</summary>
    internal string Kind => Command.Split(' ')[1];

    /// <summary>Whether it is over without having done its work.</summary>
    internal bool CanGoOn => State is JobState.Interrupted or JobState.Failed or JobState.Gone;
}

/// <summary>Where a job stands.</summary>
internal enum JobState
{
    Running,

    Done,

    /// <summary>It was stopped, and saved what it had.</summary>
    Interrupted,

    Failed,

    /// <summary>Its process is gone, and could not say how.</summary>
    Gone,
}
