using System.Text.Json;
using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Data.Continuations;

/// <summary>Texts as ids of some model's own words, each with several continuations, one of which is true: three files of JSON lines in a folder.</summary>
/// <remarks>
/// <c>train.jsonl</c>, <c>validation.jsonl</c> and <c>test.jsonl</c>; a line is <c>{"text": [1, 403], "options": [[261], [378, 9]], "answer": 0}</c>, the
/// answer being the place of the true one. Ids are the rows of the model's table of embeddings, and <c>words.json</c> says how many that has:
/// <c>{"words": 512}</c>.
/// </remarks>
internal sealed class ContinuationFolder
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "CONTINUATIONS";

    private const int MostWords = 1 << 24;
    private const int MostTokens = 1 << 16; // of a text with its continuation
    private const int MostOptions = 32;

    private static readonly string[] _files = ["train.jsonl", "validation.jsonl", "test.jsonl"];

    private readonly IReadOnlyList<Continuation>[] _splits;

    private ContinuationFolder(int words, IReadOnlyList<Continuation>[] splits) => (Words, _splits) = (words, splits);

    /// <summary>How many ids there are.</summary>
    internal int Words { get; }

    /// <summary>The samples of a split, in the file's order.</summary>
    internal IReadOnlyList<Continuation> Of(Split split) => _splits[(int)split];

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder; null where the environment names none.</param>
    /// <exception cref="DasSearchException">It is not named, a file is missing, or a line is not one of these.</exception>
    internal static ContinuationFolder Load(string? folder)
    {
        if (folder is not { Length: > 0 })
        {
            throw new DatasetException($"Texts with continuations are missing: {Variable} is not set; set it to a folder with words.json, {string.Join(", ", _files)}.");
        }

        var words = WordsOf(Path.Combine(folder, "words.json"));
        return new ContinuationFolder(words, [.. _files.Select(file => Read(Path.Combine(folder, file), words))]);
    }

    private static int WordsOf(string path)
    {
        using var document = Parse(InputFile.ReadText(path, InputKind.ModelSettings), path);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("words", out var words)
            && words.ValueKind == JsonValueKind.Number && words.TryGetInt32(out var count) && count is >= 1 and <= MostWords
                ? count
                : throw new DatasetException($"{path} does not say how many words there are, expected {{\"words\": N}} with N from 1 to {MostWords}.");
    }

    private static List<Continuation> Read(string path, int words)
    {
        var samples = new List<Continuation>();
        var number = 0;
        using var lines = new StringReader(InputFile.ReadText(path, InputKind.Samples));
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Length > 0)
            {
                var place = $"{path}, line {number}";
                using var document = Parse(line, place);
                samples.Add(Of(document.RootElement, place, words));
            }
        }

        return samples.Count > 0 ? samples : throw new DatasetException($"{path} is empty, expected a sample a line.");
    }

    private static Continuation Of(JsonElement sample, string place, int words)
    {
        if (sample.ValueKind != JsonValueKind.Object
            || !sample.TryGetProperty("text", out var text)
            || !sample.TryGetProperty("options", out var options) || options.ValueKind != JsonValueKind.Array || options.GetArrayLength() is < 2 or > MostOptions
            || !sample.TryGetProperty("answer", out var answer) || answer.ValueKind != JsonValueKind.Number || !answer.TryGetInt32(out var right)
            || right < 0 || right >= options.GetArrayLength())
        {
            throw new DatasetException($"{place} is no sample, expected {{\"text\": [ids], \"options\": [[ids], [ids]], \"answer\": place}} with 2 to {MostOptions} options.");
        }

        var read = Ids(text);
        return new Continuation(read, [.. options.EnumerateArray().Select(Ids)], right) is var whole && whole.Length <= MostTokens
            ? whole
            : throw new DatasetException($"{place} has a text of {whole.Length} tokens with its continuation, expected at most {MostTokens}.");

        long[] Ids(JsonElement list) => list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            ? [.. list.EnumerateArray().Select(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var known) && known >= 0 && known < words
                ? known
                : throw new DatasetException($"{place} has the id {id.GetRawText()}, expected one from 0 to {words - 1}."))]
            : throw new DatasetException($"{place} has {(list.ValueKind == JsonValueKind.Array ? "no ids" : list.GetRawText())} for a text, expected a list of ids.");
    }

    private static JsonDocument Parse(string text, string place)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException failure)
        {
            throw new DatasetException($"{place} is no JSON: {failure.Message.TrimEnd('.')}.", failure);
        }
    }
}

/// <summary>A text and what may follow it, as ids.</summary>
/// <param name="Text">At least one id.</param>
/// <param name="Options">At least two, of at least one id each.</param>
/// <param name="Answer">The place of the true one.</param>
internal sealed record Continuation(IReadOnlyList<long> Text, IReadOnlyList<long[]> Options, int Answer)
{
    /// <summary>Files of what is shown beside it; none where nothing is.</summary>
    internal IReadOnlyList<string> Pictures { get; init; } = [];

    /// <summary>Tokens of the text with its longest continuation.</summary>
    internal int Length => Text.Count + Options.Max(static option => option.Length);
}
