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
/// A text is a start, what the sample says, cut at its end to what fits, and <c>Answer:</c>; each of the sample's choices may follow. Where the decoder is shown
/// pictures, <c>Image:</c> and the places of its picture's tokens stand before what the sample says, or <c>Image: N/A</c>, as in LaVIN (arXiv:2305.15023; papers, part A.6).
/// </remarks>
internal static class LikelihoodFolder
{
    private const string Answer = "Answer: ";
    private const string Image = "Image: ";
    private const string NoImage = "Image: N/A ";
    private const int Tokens = 512; // LaVIN's

    /// <summary>Reads a folder.</summary>
    /// <exception cref="DasSearchException">No folder or no tokenizer is named, or something is wrong with either.</exception>
    internal static ContinuationTask Open(string name, IDataFolder folder, TaskSettings settings)
    {
        var tokenizer = settings.Data.Tokenizer is { } path ? TokenizerTable.Open(path) : throw new ConfigException(
            "data.tokenizer", $"is missing: {name} is for a decoder's own ids; add the tokenizer.model beside its checkpoint");
        var root = FolderCheck.Root(name, folder, settings.Data);
        var samples = FolderCheck.Read(name, folder, root, settings.Data);
        var (most, shown) = (settings.Data.TextLength ?? Tokens, settings.View.Style?.TokensInText ?? 0);
        var pictures = shown == 0 ? null : new FolderPictures(name, root, settings, folder.Shape);
        return new ContinuationTask(
            name, tokenizer.Count, [.. samples.Splits.Select(split => split.Select(sample => Of(sample, samples.Answers, tokenizer, most, shown)).ToList())], settings, pictures);
    }

    private static Continuation Of(FolderSample sample, IReadOnlyList<string> answers, ITokenizer tokenizer, int most, int shown)
    {
        var ends = answers.Take(sample.Choices ?? answers.Count).Select(answer => Read(Answer + answer, tokenizer)[1..]).ToList();
        var common = ends.Min(end => Math.Min(ends[0].AsSpan().CommonPrefixLength(end), end.Length - 1));
        var room = most - ends.Max(static end => end.Length);
        if (room < 2)
        {
            throw new ConfigException("data.text_length", $"must be above {most}: the answers alone have {most - room} tokens");
        }

        var text = TextOf(sample, tokenizer, shown);
        if (text.Count(static id => id == ImageStyle.Token) is var image && text.Take(room).Count(static id => id == ImageStyle.Token) < image)
        {
            throw new ConfigException("data.text_length", $"must be above {most}: the answers and an image have {most - room + image} tokens");
        }

        return new Continuation([.. text.Take(room), .. ends[0][..common]], [.. ends.Select(end => end[common..])], sample.Label) { Pictures = shown == 0 ? [] : sample.Pictures };
    }

    private static long[] TextOf(FolderSample sample, ITokenizer tokenizer, int shown) =>
        shown == 0 ? Read(sample.Text, tokenizer)
        : sample.Pictures.Count == 0 ? [.. Read(NoImage, tokenizer), .. Read(sample.Text, tokenizer)[1..]]
        : [.. Read(Image, tokenizer), .. Enumerable.Repeat(ImageStyle.Token, shown), .. Read(sample.Text, tokenizer)[1..]];

    // A start and the text's tokens.
    private static long[] Read(string text, ITokenizer tokenizer)
    {
        var ids = new long[Encoding.UTF8.GetByteCount(text) + 3]; // none has less than a byte, but for a space in front
        return ids[..(tokenizer.Encode(text, ids) - 1)];
    }
}
