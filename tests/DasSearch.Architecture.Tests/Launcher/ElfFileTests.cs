using System.Buffers.Binary;
using System.Text;
using DasSearch.Natives;

namespace DasSearch.Architecture.Tests.Launcher;

/// <summary>What makes TorchSharp's library load with an older libstdc++.</summary>
public sealed class ElfFileTests
{
    private const string Wanted = "GLIBCXX_3.4.32";
    private const int Requirements = 144; // where the made-up file has its first one
    private const int Names = 200;

    [Fact]
    public void WithWeak_FileThatNeedsTheVersion_MarksThatOneAlone()
    {
        var file = Library("GLIBCXX_3.4", Wanted);

        var mended = new ElfFile(file).WithWeak(Wanted)!;

        var expected = (byte[])file.Clone();
        expected[Requirements + 16 + 4] = 2;
        Assert.Equal(expected, mended);
        Assert.Equal(0, file[Requirements + 16 + 4]);
    }

    [Fact]
    public void WithWeak_FileThatNeedsNothing_IsLeftAlone()
    {
        Assert.Null(new ElfFile(Library("GLIBCXX_3.4", "GLIBCXX_3.4.3")).WithWeak(Wanted));
        Assert.Null(new ElfFile(new ElfFile(Library(Wanted)).WithWeak(Wanted)!).WithWeak(Wanted));
    }

    [Fact]
    public void WithWeak_TruncatedAnywhere_IsRefused()
    {
        var file = Library("GLIBCXX_3.4", Wanted);
        for (var length = 0; length < file.Length - 32; length++) // the last header's last fields are not read
        {
            var part = file[..length];
            Assert.Throws<InvalidDataException>(() => new ElfFile(part).WithWeak(Wanted));
        }
    }

    [Fact]
    public void WithWeak_ChainThatRunsInCircles_IsRefused()
    {
        var file = Library("GLIBCXX_3.4");
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(Requirements + 12), -16);

        Assert.Throws<InvalidDataException>(() => new ElfFile(file).WithWeak(Wanted));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MZ and so on")]
    public void Constructor_NoElfFile_IsRefused(string content) =>
        Assert.Throws<InvalidDataException>(() => new ElfFile(Encoding.ASCII.GetBytes(content)));

    // Header, one library that versions are needed of, the versions, their names, and at the end two sections: versions, and names.
    private static byte[] Library(params string[] versions)
    {
        const int Sections = 256;
        var file = new byte[Sections + (2 * 64)];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }.CopyTo(file, 0);
        Long(40, Sections);
        Short(58, 64);
        Short(60, 2);
        Int(128 + 8, Requirements - 128);
        var name = Names;
        for (var i = 0; i < versions.Length; i++)
        {
            var place = Requirements + (16 * i);
            Int(place + 8, name - Names);
            Int(place + 12, i < versions.Length - 1 ? 16 : 0);
            name += Encoding.ASCII.GetBytes(versions[i], file.AsSpan(name)) + 1;
        }

        Int(Sections + 4, 0x6ffffffe);
        Long(Sections + 24, 128);
        Int(Sections + 40, 1);
        Int(Sections + 64 + 4, 3);
        Long(Sections + 64 + 24, Names);
        return file;

        void Short(int place, short value) => BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(place), value);
        void Int(int place, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(place), value);
        void Long(int place, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(place), value);
    }
}
