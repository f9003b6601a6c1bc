using System.Text.Json;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Models.Checkpoints;

namespace DasSearch.Models.Backbones;

/// <summary>What a <c>config.json</c> of Hugging Face, or the authors' <c>params.json</c>, says of a LLaMA that its tensors do not; null for what it does not say.</summary>
internal sealed record LlamaSettings(int? Heads = null, double? Eps = null, double? Theta = null, int? Length = null)
{
    private static readonly string[] _files = ["config.json", "params.json"];

    /// <summary>The file beside a checkpoint; nothing said where there is none.</summary>
    /// <exception cref="DasSearchException">It is not sound, or says what is computed otherwise here.</exception>
    internal static LlamaSettings Beside(CheckpointSource source)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(source.Path))!;
        return _files.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists) is { } path ? Read(path) : new LlamaSettings();
    }

    private static LlamaSettings Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadBytes(path, InputKind.ModelSettings));
            var all = document.RootElement;
            if (all.ValueKind != JsonValueKind.Object)
            {
                throw new DasSearchException($"{path} is no object of settings");
            }

            // Since transformers 5 θ stands with what scales it.
            var rotary = Of(all, "rope_parameters") ?? Of(all, "rope_scaling");
            if (rotary is { ValueKind: JsonValueKind.Object } scaled && (Of(scaled, "rope_type") ?? Of(scaled, "type")) is { ValueKind: JsonValueKind.String } type
                && type.GetString() is var kind and not "default")
            {
                throw new DasSearchException($"{path} scales rotary positions by '{kind}', expected positions as they are");
            }

            if (Of(all, "hidden_act") is { ValueKind: JsonValueKind.String } act && act.GetString() is var activation and not "silu")
            {
                throw new DasSearchException($"{path} says that hidden_act is '{activation}', expected silu");
            }

            return new LlamaSettings(
                Count("num_attention_heads") ?? Count("n_heads"),
                Number(all, "rms_norm_eps") ?? Number(all, "norm_eps"),
                Number(all, "rope_theta") ?? (rotary is { ValueKind: JsonValueKind.Object } own ? Number(own, "rope_theta") : null),
                Count("max_position_embeddings"));

            int? Count(string name) => Number(all, name) is not { } number ? null
                : number is >= 1 and <= int.MaxValue && number == Math.Floor(number) ? (int)number
                : throw new DasSearchException($"{path} says that {name} is {number}, expected a positive integer");
        }
        catch (JsonException failure)
        {
            throw new DasSearchException($"{path} is no JSON: {failure.Message}", failure);
        }

        double? Number(JsonElement within, string name) => Of(within, name) is not { ValueKind: not JsonValueKind.Null } value ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number > 0 && double.IsFinite(number) ? number
            : throw new DasSearchException($"{path} says that {name} is {value.GetRawText()}, expected a positive number");
    }

    private static JsonElement? Of(JsonElement within, string name) => within.TryGetProperty(name, out var value) ? value : null;
}
