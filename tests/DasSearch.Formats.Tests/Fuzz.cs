using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using DasSearch.Core;

namespace DasSearch.Fuzzing;

/// <summary>Feeds a reader with files that were sound once: whatever is done to them, they are read, or refused in one sentence.</summary>
/// <remarks>
/// Mutations are a pure function of the test's name and their number, so that a failure repeats. <c>DAS_FUZZ=20000</c> asks each test for so
/// many instead of the few of every day.
/// </remarks>
internal static class Fuzz
{
    private const string Variable = "DAS_FUZZ";
    private const int MostChanges = 4;
    private const int LongestPart = 64;
    private const int MostRepeats = 5000;

    private const int Attempts = 3;

    // The changes after which everything else still lies where it lay.
    private static readonly int[] _inPlace = [0, 1, 8];

    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(1);

    private static readonly string[] _numbers =
    [
        "0", "-1", "1", "7", "00", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "18446744073709551616",
        "1e999", "-1e999", "1e-400", "1e9", "0.5", "NaN", "nan", "inf", "Infinity", "-.5", "0x10", "1_000", "1,5", "٣", "",
    ];

    private static readonly string[] _words =
    [
        "null", "true", "[]", "{}", "[", "]", "{", "}", "(", ")", "\"", "'", "\\", "\\u0000", "\\ud800", "\\x", "\0", "\u2028", "\uFEFF", "\r\n", "\n", "\n\n", "\t",
        ": ", ":", "- ", "---\n", "&a ", "*a", "!!int ", "!<", "%YAML 9.9\n", "%", "<<: ", "|", ">", "#", "../", "/", "~", ",", ",,", "=", " ", "é", "\u001b[2J",
    ];

    private static readonly byte[][] _bytes = [[0xc3, 0x28], [0xed, 0xa0, 0x80], [0xff, 0xfe], [0xf8], [0x80, 0x02], [0x1f, 0x8b], [.. "PK\x03\x04"u8], [0, 0, 0, 0]];

    private static readonly long[] _sizes = [0, 1, -1, 8, 127, 128, 255, 65_536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 100_000_000];

    /// <summary>How many mutations a test is to try.</summary>
    /// <param name="usual">Those of every day.</param>
    internal static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : usual;

    /// <summary>Tries them.</summary>
    /// <param name="name">What the test is called; its mutations derive from it.</param>
    /// <param name="usual">How many mutations there are every day.</param>
    /// <param name="sound">Files that are read as they are.</param>
    /// <param name="read">Reads a file of these bytes.</param>
    /// <param name="limits">What a reader may take: bounds are checked before memory is asked for.</param>
    internal static FuzzOutcome Check(string name, int usual, IReadOnlyList<byte[]> sound, Action<byte[]> read, FuzzLimits? limits = null)
    {
        foreach (var file in sound)
        {
            read(file);
        }

        limits ??= new FuzzLimits();
        var outcome = new FuzzOutcome(name, Count(usual), 0, TimeSpan.Zero, 0);
        for (var number = 0; number < outcome.Tried; number++)
        {
            var file = Mutate(sound, SeededRandom.Derive(0, name, number), inPlace: limits.IsBinary && number % 2 == 0);
            outcome = Try(outcome, number, file, read, limits);
        }

        return outcome;
    }

    private static FuzzOutcome Try(FuzzOutcome outcome, int number, byte[] file, Action<byte[]> read, FuzzLimits limits)
    {
        var name = outcome.Name;
        var refused = false;
        var took = TimeSpan.MaxValue;

        // A machine may be busy with something else for a second, but hardly thrice.
        for (var attempt = 0; attempt < Attempts && took > _longest; attempt++)
        {
            var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            try
            {
                read(file);
            }
            catch (DasSearchException refusal)
            {
                refused = true;
                Assert.False(string.IsNullOrWhiteSpace(refusal.Message) || refusal.Message.Any(char.IsControl), refusal.Message);
            }
#pragma warning disable CA1031 // Whatever it is, it is the finding.
            catch (Exception unexpected)
#pragma warning restore CA1031
            {
                Assert.Fail($"{name}, mutation {number}: {unexpected}\n{Kept(name, number, file)}");
            }

            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            took = Stopwatch.GetElapsedTime(start);
            outcome = outcome with { MostMemory = Math.Max(outcome.MostMemory, taken) };
            if (taken > limits.Own + (limits.PerByte * file.Length))
            {
                Assert.Fail($"{name}, mutation {number}, took {taken} bytes of memory\n{Kept(name, number, file)}");
            }
        }

        if (took > _longest)
        {
            Assert.Fail($"{name}, mutation {number}, took {took}\n{Kept(name, number, file)}");
        }

        return outcome with { Refused = outcome.Refused + (refused ? 1 : 0), Slowest = outcome.Slowest > took ? outcome.Slowest : took };
    }

    private static string Kept(string name, int number, byte[] file)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{string.Concat(name.Where(char.IsLetterOrDigit))}-{number}.bin");
        File.WriteAllBytes(path, file);
        return path;
    }

    private static byte[] Mutate(IReadOnlyList<byte[]> sound, SeededRandom random, bool inPlace)
    {
        var file = sound[random.Next(sound.Count)].ToList();
        for (var change = random.Next(MostChanges) + 1; change > 0; change--)
        {
            Change(file, sound, random, inPlace);
        }

        return [.. file];
    }

    private static void Change(List<byte> file, IReadOnlyList<byte[]> sound, SeededRandom random, bool inPlace)
    {
        var at = random.Next(file.Count + 1);
        var length = Math.Min(random.Next(LongestPart), file.Count - at);
        switch (inPlace ? _inPlace[random.Next(_inPlace.Length)] : random.Next(14))
        {
            case 0 when at < file.Count:
                file[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < file.Count:
                file[at] = (byte)random.Next(256);
                break;
            case 2:
                file.RemoveRange(at, length);
                break;
            case 3:
                file.InsertRange(random.Next(file.Count + 1), file.GetRange(at, length));
                break;
            case 4:
                file.RemoveRange(at, file.Count - at);
                break;
            case 5:
                var foreign = sound[random.Next(sound.Count)];
                var from = random.Next(foreign.Length + 1);
                file.InsertRange(at, foreign[from..Math.Min(foreign.Length, from + random.Next(LongestPart))]);
                break;
            case 6:
                file.InsertRange(at, _bytes[random.Next(_bytes.Length)]);
                break;
            case 7:
                file.InsertRange(at, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(_words[random.Next(_words.Length)], random.Next(MostRepeats)))));
                break;
            case 8:
                Overwrite(file, at, _sizes[random.Next(_sizes.Length)], random);
                break;
            case 9 or 10:
                Replace(file, at, static letter => char.IsAsciiDigit(letter) || letter is '.' or '-', _numbers[random.Next(_numbers.Length)]);
                break;
            case 11:
                Replace(file, at, static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-', _words[random.Next(_words.Length)]);
                break;
            default:
                file.InsertRange(at, Encoding.UTF8.GetBytes(_words[random.Next(_words.Length)]));
                break;
        }
    }

    // As little- or big-endian numbers of 4 or 8 bytes, which lengths are.
    private static void Overwrite(List<byte> file, int at, long value, SeededRandom random)
    {
        var bytes = new byte[sizeof(long)];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        }

        var aligned = random.Next(2) == 0 ? at / 8 * 8 : at;
        for (var i = 0; i < bytes.Length >> random.Next(2) && aligned + i < file.Count; i++)
        {
            file[aligned + i] = bytes[i];
        }
    }

    // The next run of such letters becomes something else.
    private static void Replace(List<byte> file, int at, Func<char, bool> isOf, string with)
    {
        var start = file.FindIndex(at, letter => isOf((char)letter));
        if (start < 0)
        {
            return;
        }

        var end = file.FindIndex(start, letter => !isOf((char)letter));
        file.RemoveRange(start, (end < 0 ? file.Count : end) - start);
        file.InsertRange(start, Encoding.UTF8.GetBytes(with));
    }
}

/// <summary>How much memory a reader may take, so many bytes for itself and so many for each of the file's; and whether what it reads is binary.</summary>
/// <remarks>Of binary files every other mutation leaves the rest where it lies, since numbers in them say where things are.</remarks>
internal sealed record FuzzLimits(long Own = 64 << 20, long PerByte = 20, bool IsBinary = false);

/// <summary>What became of the mutations: how many were refused, and what the worst of them took.</summary>
internal sealed record FuzzOutcome(string Name, int Tried, int Refused, TimeSpan Slowest, long MostMemory)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Tried} mutations, {Refused} refused, {Tried - Refused} read, at most {Slowest.TotalMilliseconds:0.0} ms and {MostMemory / 1024.0:0} KiB each");
}
