using System.Text;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Continuations;
using DasSearch.Data.Folders;
using DasSearch.Data.Tasks.Continuations;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks.Folders;

/// <summary>Data sets on disk whose answers a decoder gives by which it finds the likeliest after the question.</summary>
/// <remarks>
/// A text is a start, what the sample says, cut at its end to what fits, and <c>Answer:</c>; each of the sample's choices may follow. LaVIN
/// (papers, part A.6) is asked so of texts without a picture; how it is shown one is not here.
/// </remarks>
internal static class LikelihoodFolder
{
    private const string Answer = "Answer: ";
    private const int Tokens = 512; // LaVIN's

    /// <summary>Reads a folder.</summary>
    /// <exception cref="DasSearchException">No folder or no tokenizer is named, or something is wrong with either.</exception>
    internal static ContinuationTask Open(string name, IDataFolder folder, TaskSettings settings)
    {
        var tokenizer = settings.Data.Tokenizer is { } path ? TokenizerTable.Open(path) : throw new ConfigException(
            "data.tokenizer", $"is missing: {name} is for a decoder's own ids; add the tokenizer.model beside its checkpoint");
        var samples = FolderCheck.Read(name, folder, FolderCheck.Root(name, folder, settings.Data), settings.Data);
        var most = settings.Data.TextLength ?? Tokens;
        return new ContinuationTask(
            name, tokenizer.Count, [.. samples.Splits.Select(split => split.Select(sample => Of(sample, samples.Answers, tokenizer, most)).ToList())], settings);
    }

    private static Continuation Of(FolderSample sample, IReadOnlyList<string> answers, ITokenizer tokenizer, int most)
    {
        var ends = answers.Take(sample.Choices ?? answers.Count).Select(answer => Read(Answer + answer, tokenizer)[1..]).ToList();
        var common = ends.Min(end => Math.Min(ends[0].AsSpan().CommonPrefixLength(end), end.Length - 1));
        var room = most - ends.Max(static end => end.Length);
        if (room < 2)
        {
            throw new ConfigException("data.text_length", $"must be above {most}: the answers alone have {most - room} tokens");
        }

        var text = Read(sample.Text, tokenizer);
        return new Continuation([.. text[..Math.Min(text.Length, room)], .. ends[0][..common]], [.. ends.Select(end => end[common..])], sample.Label);
    }

    // A start and the text's tokens.
    private static long[] Read(string text, ITokenizer tokenizer)
    {
        var ids = new long[Encoding.UTF8.GetByteCount(text) + 3]; // none has less than a byte, but for a space in front
        return ids[..(tokenizer.Encode(text, ids) - 1)];
    }
}
