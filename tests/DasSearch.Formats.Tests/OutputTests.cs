using System.Diagnostics;
using System.Text;

namespace DasSearch.Formats.Tests;

/// <summary>What is written over, and what is not; and what is no file is written into.</summary>
public sealed class OutputTests : IDisposable
{
    private const string New = "{\n  \"schema\": \"das-search/skip-plan/2\", \"new\": true\n}\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-output-");

    // What may be at a place, by name: what it takes to make it, and whether a plan may replace it (with force, too).
    private static readonly Dictionary<string, (Action<string> Make, bool MayReplace, bool WithForce)> _things = new()
    {
        ["nothing"] = (_ => { }, true, true),
        ["an empty file"] = (path => File.WriteAllText(path, ""), true, true),
        ["a plan"] = (path => File.WriteAllText(path, "{\n  \"schema\": \"das-search/skip-plan/1\",\n  \"backbone\": \"vilt\"\n}\n"), true, true),
        ["a plan that names its schema"] =
            (path => File.WriteAllText(path, "{\n  \"$schema\": \"plan.schema.json\",\n  \"schema\": \"das-search/skip-plan/2\"\n}\n"), true, true),
        ["other JSON"] = (path => File.WriteAllText(path, "{\"schema\": 2, \"name\": \"das\"}"), false, true),
        ["a text about plans"] = (path => File.WriteAllText(path, "its \"schema\": \"das-search/skip-plan/1\""), false, true),
        ["settings"] = (path => File.WriteAllText(path, "task: fashionvl-vqa\n"), false, true),
        ["a picture"] = (path => File.WriteAllBytes(path, [0x89, 0x50, 0x4E, 0x47, 0, 1, 2, 3]), false, true),
        ["a database"] = (path => File.WriteAllBytes(path, Sqlite(OutputGuard.DatabaseApplication)), false, false),
        ["another program's database"] = (path => File.WriteAllBytes(path, Sqlite(0)), false, true),
        ["a database's log"] = (path => File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes("WAL")]), false, false),
        ["a folder"] = (path => Directory.CreateDirectory(path), false, false),
        ["a folder with things in it"] = (path => File.WriteAllText(Path.Combine(Directory.CreateDirectory(path).FullName, "mine"), "x"), false, false),
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Claim_AnyThingAtAnyPlace_IsReplacedOnlyAsTheRuleSays()
    {
        var number = 0;
        foreach (var (name, thing) in _things)
        {
            foreach (var (isForced, isLinked, isSource, isOption) in Combinations())
            {
                var folder = Directory.CreateDirectory(PathOf($"{number++}")).FullName;
                var real = Path.Combine(folder, name == "a database's log" ? "runs.db-wal" : "thing");
                File.WriteAllBytes(Path.Combine(folder, "runs.db"), Sqlite(OutputGuard.DatabaseApplication));
                thing.Make(real);
                var path = isLinked ? Path.Combine(folder, "link") : real;
                if (isLinked)
                {
                    File.CreateSymbolicLink(path, isOption ? Path.GetFileName(real) : real);
                }

                var before = State(folder);
                var guard = new OutputGuard(isForced, "-o", isSource ? [real, null] : [null]);
                var what = $"{name}, forced {isForced}, linked {isLinked}, source {isSource}";
                if (!isSource && (isForced ? thing.WithForce : thing.MayReplace))
                {
                    guard.Claim(path, PlanFile.Kind);
                    Assert.True(before == State(folder), what);
                    OutputFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(New)));
                    Assert.True(File.ReadAllText(real) == New, what);
                    Assert.Equal(isLinked, new FileInfo(path).LinkTarget is not null);
                }
                else
                {
                    var failure = Assert.Throws<OutputUsageException>(() => guard.Claim(path, PlanFile.Kind));
                    Assert.Contains(path, failure.Message, StringComparison.Ordinal);
                    Assert.Contains("-o", failure.Message, StringComparison.Ordinal);
                    Assert.True(before == State(folder), what);
                }
            }
        }

        static IEnumerable<(bool, bool, bool, bool)> Combinations() =>
            from isForced in new[] { false, true }
            from isLinked in new[] { false, true }
            from isSource in new[] { false, true }
            from isOption in new[] { false, true }
            select (isForced, isLinked, isSource, isOption);
    }

    [Theory]
    [InlineData("no/plan.json", "which is no folder")]
    [InlineData("file/plan.json", "which is no folder")]
    [InlineData("kept.db.state/run-1/plan.json", "which das keeps to go on from")]
    public void Claim_APlaceThatCannotBe_IsToldBefore(string name, string expected)
    {
        File.WriteAllText(PathOf("file"), "mine");
        File.WriteAllBytes(PathOf("kept.db"), Sqlite(OutputGuard.DatabaseApplication));
        Directory.CreateDirectory(PathOf("kept.db.state/run-1"));
        Assert.Contains(expected, Refused(PathOf(name)), StringComparison.Ordinal);
    }

    [Fact]
    public void Claim_NamesOfAnyLength_AreWrittenWhereTheFileSystemHasThem()
    {
        foreach (var length in new[] { 200, 240, 250, 255 })
        {
            var path = PathOf(new string('n', length));
            new OutputGuard(isForced: false, "-o").Claim(path, PlanFile.Kind);
            OutputFile.Write(path, file => file.Write("x"u8));
            Assert.Equal("x", File.ReadAllText(path));
        }

        Assert.EndsWith("has a name of 256 bytes, more than the file system allows: name another one with -o", Refused(PathOf(new string('n', 256))), StringComparison.Ordinal);
        Assert.EndsWith("has a name of 258 bytes, more than the file system allows: name another one with -o", Refused(PathOf(new string('ü', 129))), StringComparison.Ordinal);
        Assert.Contains("cannot be the name of a file", Refused(PathOf("a\0b")), StringComparison.Ordinal);
    }

    [Fact]
    public void Claim_OneFileTwice_IsRefused()
    {
        var guard = new OutputGuard(isForced: true, "-o");
        guard.Claim(PathOf("a"), PlanFile.Kind);
        File.CreateSymbolicLink(PathOf("b"), PathOf("a"));
        Assert.Contains("would be written twice", Assert.Throws<OutputUsageException>(() => guard.Claim(PathOf("b"), OutputKind.Unmarked)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_IntoAPipe_GivesItsReaderAll_AndLeavesThePipe()
    {
        var pipe = PathOf("pipe");
        Assert.Equal(0, Run("mkfifo", pipe).Code);
        new OutputGuard(isForced: false, "-o").Claim(pipe, PlanFile.Kind);
        var reader = Task.Run(() => File.ReadAllText(pipe));
        OutputFile.Write(pipe, file => file.Write(Encoding.UTF8.GetBytes(New)));

        Assert.Equal(New, await reader.WaitAsync(TimeSpan.FromSeconds(20)));
        reader = Task.Run(() => File.ReadAllText(pipe));
        OutputFile.Make(pipe, made => File.WriteAllText(made, "made"));
        Assert.Equal("made", await reader.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("fifo\n", Run("stat", "-c", "%F", pipe).Output);
    }

    [Fact]
    public void Write_IntoADevice_LeavesTheDevice()
    {
        var device = PathOf("null");
        if (Run("mknod", device, "c", "1", "3").Code != 0)
        {
            return; // only root can make one, and the machine's own is not to be risked
        }

        new OutputGuard(isForced: false, "-o").Claim(device, PlanFile.Kind);
        OutputFile.Write(device, file => file.Write("x"u8));
        OutputFile.Make(device, made => File.WriteAllText(made, "x"));
        Assert.Equal("character special file\n", Run("stat", "-c", "%F", device).Output);
    }

    [Fact]
    public void Write_OnAFullDisk_SaysSoInASentence()
    {
        var failure = Assert.Throws<OutputException>(() => OutputFile.Write("/dev/full", file => file.Write("x"u8)));
        Assert.StartsWith("/dev/full cannot be written: No space left on device", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ThatFails_LeavesWhatWasThere()
    {
        foreach (var before in new[] { "", "before" })
        {
            File.WriteAllText(PathOf("file"), before);
            Assert.Throws<OutputException>(() => OutputFile.Write(PathOf("file"), file =>
            {
                file.Write(new byte[100_000]);
                throw new IOException("No space left on device");
            }));
            Assert.Equal(before, File.ReadAllText(PathOf("file")));
        }

        Assert.Single(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void Folder_ThatIsThere_IsFilled_AndStaysTheSame()
    {
        var (folder, kind) = (PathOf("folder"), new FolderKind("report", path => File.Exists(Path.Combine(path, "page")) ? ["page", "old"] : []));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "mine"), "mine");
        var inode = Run("stat", "-c", "%i", folder).Output;
        Fill("page", "old");
        Fill("page", "new");

        Assert.Equal(inode, Run("stat", "-c", "%i", folder).Output);
        Assert.Equal(["mine", "new", "page"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order()!);

        File.WriteAllText(Path.Combine(folder, "chapter"), "mine");
        var failure = Assert.Throws<OutputUsageException>(() => new OutputGuard(isForced: false, "-o").ClaimFolder(folder, kind, "page", "chapter"));
        Assert.Contains(Path.Combine(folder, "chapter"), failure.Message, StringComparison.Ordinal);
        new OutputGuard(isForced: true, "-o").ClaimFolder(folder, kind, "page", "chapter");
        Assert.Contains("is a file, but a folder is to be written", Assert.Throws<OutputUsageException>(
            () => new OutputGuard(isForced: true, "-o").ClaimFolder(Path.Combine(folder, "mine"), kind, "page")).Message, StringComparison.Ordinal);

        void Fill(params string[] names)
        {
            new OutputGuard(isForced: false, "-o").ClaimFolder(folder, kind, names);
            OutputFolder.Write(folder, kind, beside =>
            {
                foreach (var name in names)
                {
                    File.WriteAllText(Path.Combine(beside, name), name);
                }
            });
        }
    }

    private static string Refused(string path) => Assert.Throws<OutputUsageException>(() => new OutputGuard(isForced: false, "-o").Claim(path, PlanFile.Kind)).Message;

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    // All names, kinds and bytes.
    private static string State(string folder) => string.Join('\n', Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order()
        .Select(path => $"{path} {new FileInfo(path).LinkTarget ?? (File.Exists(path) ? Convert.ToHexString(File.ReadAllBytes(path)) : "-")}"));

    private static byte[] Sqlite(int application)
    {
        var bytes = new byte[4096];
        "SQLite format 3\0"u8.CopyTo(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(68), application);
        return bytes;
    }

    private static (int Code, string Output) Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
