using DasSearch.Core;
using DasSearch.Fuzzing;
using DasSearch.Worker.Resuming;

namespace DasSearch.Worker.Tests.Resuming;

/// <summary>A saved state comes back as it was saved, or not at all.</summary>
public sealed class ResumeFolderTests : IDisposable
{
    private const int Mutations = 400;
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-resume-");

    private string Folder => Path.Combine(_folder.FullName, "state");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Save_Again_KeepsTheLastState()
    {
        var saved = New();
        Assert.Equal("none", saved.Read(Text, "none"));
        saved.Save("step-1", Write("one"));
        saved.Save("step-2", Write("two"));
        Assert.Equal("step-2: two, 1,2,3", New().Read(Text, "none"));
        Assert.Equal(["current", "step-2"], Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            $"{Folder} holds the state of a training with other settings: remove it, or write elsewhere",
            Assert.Throws<DasSearchException>(() => New(Key.Replace('0', '1')).Read(Text, "none")).Message);
    }

    [Fact]
    public void Case22_AnyDamageToAnyFile_IsSaid_WithWhatToRemove()
    {
        New().Save("step-7", Write("the weights"));
        var random = SeededRandom.Derive(3, "tests/damage");
        var files = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        for (var i = 0; i < Fuzz.Count(Mutations); i++)
        {
            var file = files[random.Next(files.Count)];
            var sound = File.ReadAllBytes(file);
            File.WriteAllBytes(file, Damaged(sound, random));
            var read = Record.Exception(() => New().Read(Text, "none"));
            if (!SaysTheSame(sound, File.ReadAllBytes(file)))
            {
                Assert.StartsWith($"the saved state is damaged: remove the folder {Folder}, and das train begins anew ({file}: ", Assert.IsType<DasSearchException>(read).Message, StringComparison.Ordinal);
            }

            File.WriteAllBytes(file, sound);
        }

        // A file that is gone, and a folder in its place.
        foreach (var file in files.Where(file => !file.EndsWith("current", StringComparison.Ordinal)))
        {
            var sound = File.ReadAllBytes(file);
            File.Delete(file);
            Assert.StartsWith("the saved state is damaged: ", Assert.Throws<DasSearchException>(() => New().Read(Text, "none")).Message, StringComparison.Ordinal);
            Directory.CreateDirectory(file);
            Assert.StartsWith("the saved state ", Assert.Throws<DasSearchException>(() => New().Read(Text, "none")).Message, StringComparison.Ordinal);
            Directory.Delete(file);
            File.WriteAllBytes(file, sound);
        }

        Assert.Equal("step-7: the weights, 1,2,3", New().Read(Text, "none"));
    }

    // Cut off, emptied, zeroed, a letter changed, added or lost.
    private static byte[] Damaged(byte[] sound, Random random)
    {
        var at = random.Next(sound.Length);
        return random.Next(6) switch
        {
            0 => sound[..at],
            1 => [],
            2 => new byte[sound.Length],
            3 => [.. sound[..at], (byte)(sound[at] ^ (1 << random.Next(8))), .. sound[(at + 1)..]],
            4 => [.. sound[..at], (byte)random.Next(256), .. sound[at..]],
            _ => [.. sound[..at], .. sound[(at + 1)..]],
        };
    }

    // How lines end says nothing.
    private static bool SaysTheSame(byte[] sound, byte[] now) => Lines(sound).SequenceEqual(Lines(now)) && Lines(sound).First() == "das state 2" || sound.SequenceEqual(now);

    private static IEnumerable<string> Lines(byte[] text)
    {
        using var reader = new StreamReader(new MemoryStream(text));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static Action<string> Write(string text) => folder =>
    {
        File.WriteAllText(Path.Combine(folder, "model"), text);
        File.WriteAllText(Path.Combine(folder, "metrics.csv"), "1,2,3");
    };

    private static string Text(string name, string folder) =>
        $"{name}: {File.ReadAllText(Path.Combine(folder, "model"))}, {File.ReadAllText(Path.Combine(folder, "metrics.csv"))}";

    private ResumeFolder New(string key = Key) => new(Folder, key, "training", "das train");
}
