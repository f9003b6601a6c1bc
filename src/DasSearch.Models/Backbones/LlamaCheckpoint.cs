using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>A LLaMA for a task, with a checkpoint's weights or with fresh ones.</summary>
/// <remarks>
/// Sizes are those of the tensors. Heads, eps, θ and the order of a head's numbers come from the file's metadata, or from the <c>config.json</c> (Hugging
/// Face's) or <c>params.json</c> (the authors') beside it.
/// </remarks>
internal static class LlamaCheckpoint
{
    private const string Heads = "heads";
    private const string Eps = "eps";
    private const string Theta = "theta";
    private const string Rotary = "rotary";
    private const string Length = "length";

    // Of every LLaMA that its authors published.
    private const int UsualHeadWidth = 128;

    /// <param name="shows">Finds what shows it images; null for nothing.</param>
    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static LoadedBackbone Load(BackboneRequest request, Func<BackboneRequest, CheckpointSource?, LavinSource>? shows = null)
    {
        var (config, source, images) = Configure(request, shows);
        var llama = new Llama(config, request);
        try
        {
            using var scope = NewDisposeScope();
            if (source is not null)
            {
                // The norm of a skipped module need not be there, unless something in its place reads it.
                var there = llama.state_dict().ToLookup(entry => source.Shapes.ContainsKey(entry.Key));
                source.Put(there[true].ToDictionary());
                llama.Missing = [.. there[false].Select(static entry => entry.Key)];
            }

            if (images?.Tower is { } tower && tower != source)
            {
                tower.Put(llama.named_parameters().Where(static entry => entry.name.StartsWith(ClipConfig.ImageTower, StringComparison.Ordinal)).ToDictionary(static entry => entry.name, static entry => (Tensor)entry.parameter));
            }

            return new LoadedBackbone(llama, new Dictionary<string, Tensor>());
        }
        catch
        {
            llama.Dispose();
            throw;
        }
    }

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static BackboneDescription Describe(BackboneRequest request, Func<BackboneRequest, CheckpointSource?, LavinSource>? shows = null)
    {
        using var scope = NewDisposeScope();
        return LlamaCosts.Describe(Configure(request, shows).Config, request.Input, request.Granularity);
    }

    /// <summary>What tensors do not say of a LLaMA.</summary>
    internal static IReadOnlyDictionary<string, string> MetadataOf(LlamaConfig config)
    {
        var texts = new Dictionary<string, string>
        {
            [Heads] = config.Heads.ToString(CultureInfo.InvariantCulture),
            [Eps] = config.Eps.ToString("R", CultureInfo.InvariantCulture),
            [Theta] = config.Theta.ToString("R", CultureInfo.InvariantCulture),
            [Rotary] = EnumNames.NameOf(config.Rotary),
        };
        if (config.Length is { } length)
        {
            texts[Length] = length.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (name, text) in config.Lavin is { } lavin ? LavinCheckpoint.MetadataOf(lavin) : [])
        {
            texts[name] = text;
        }

        return texts;
    }

    private static (LlamaConfig Config, CheckpointSource? Source, LavinSource? Images) Configure(
        BackboneRequest request, Func<BackboneRequest, CheckpointSource?, LavinSource>? shows)
    {
        var (wanted, input) = (request.Sizes, request.Input);
        if (wanted.Dropout > 0)
        {
            throw new ConfigException("model.dropout", $"is {wanted.Dropout}, but a LLaMA has none");
        }

        var source = request.Checkpoint is { } path ? CheckpointSource.Read(path, LlamaNames.Kind) : null;
        var config = source is null ? Fresh(wanted, input.Vocabulary) : Of(source, request);
        var problem = config.Vocabulary != input.Vocabulary ? $"has {config.Vocabulary} words, the task's tokenizer has {input.Vocabulary}"
            : config.Length < input.TextLength ? $"reads texts of at most {config.Length} tokens, the task's have {input.TextLength}"
            : null;
        if (problem is not null)
        {
            throw source?.Wrong(problem) ?? new ConfigException("model", $"does not fit the task: the backbone {problem}");
        }

        var images = shows?.Invoke(request, source);
        config = config with { Lavin = images?.Config };
        var modules = LlamaModule.All(config.Layers, request.Granularity);
        if (request.Absent is { Modules: var planned } && planned != modules.Count)
        {
            throw new DasSearchException(
                $"the plan is for {planned} modules, but the backbone has {modules.Count} at granularity {EnumNames.NameOf(request.Granularity)}: {config.Layers} layers");
        }

        var places = modules
            .SelectMany((module, i) => module.Parts.SelectMany(part => config.Projections(module.Layer, part, i, tokens: 0)))
            .ToLookup(place => request.Absent?.Contains(place.Module!.Value) != true, LlamaConfig.ParameterOf);
        if (source?.Check(config.OutsideParameters().Concat(images?.InDecoder(config.Width) ?? []).Concat(places[true]), places[false].Select(static shape => shape.Name).Append(LlamaConfig.Output)) is { } leftOut)
        {
            request.Note(leftOut);
        }

        return (config, source, images);
    }

    private static LlamaConfig Of(CheckpointSource source, BackboneRequest request)
    {
        var (wanted, note) = (request.Sizes, request.Note);
        var words = source.Shape(LlamaConfig.Words, 2);
        var (width, layers) = (source.Agreed("model.width", wanted.Width, (int)words[1]), source.Agreed("model.layers", wanted.Layers, Layers()));
        if (source.Shapes.Keys.FirstOrDefault(static name => name.StartsWith(LlamaConfig.Layer, StringComparison.Ordinal) && name.EndsWith(".bias", StringComparison.Ordinal)) is { } bias)
        {
            throw source.Wrong($"has {bias}, expected Linears without biases: it is of another family of models");
        }

        var said = LlamaSettings.Beside(source);
        var (queries, keys) = ((int)source.Shape(First(".attention.wq.weight"), 2)[0], (int)source.Shape(First(".attention.wk.weight"), 2)[0]);
        var heads = (source.Count(Heads) ?? said.Heads) is { } known ? source.Agreed("model.heads", wanted.Heads, known) : wanted.Heads ?? Taken(queries);
        var headWidth = queries % heads == 0 ? queries / heads : 0;
        if (headWidth is 0 || headWidth % 2 != 0 || keys % headWidth != 0 || heads % (keys / headWidth) != 0)
        {
            throw source.Wrong($"has queries of width {queries} and keys of width {keys}, expected {heads} heads of an even width that share keys in equal groups: set model.heads");
        }

        return new LlamaConfig
        {
            Vocabulary = (int)words[0],
            Width = width,
            Layers = layers,
            Heads = heads,
            KeyValueHeads = keys / headWidth,
            HeadWidth = headWidth,
            InnerWidth = (int)source.Shape(First(".feed_forward.w1.weight"), 2)[0],
            Eps = Number(source, Eps) ?? said.Eps ?? new LlamaConfig().Eps,
            Theta = Number(source, Theta) ?? said.Theta ?? new LlamaConfig().Theta,
            Rotary = Layout(source),
            IsTied = !source.Shapes.ContainsKey(LlamaConfig.Output),
            Length = source.Count(Length) ?? said.Length,
        };

        int Layers() => request.Absent is { } absent
            ? source.Layers(LlamaConfig.Layer, request.Granularity == Granularity.Layers ? absent.Modules : absent.Modules / 2)
            : source.Layers(LlamaConfig.Layer);

        // Of whichever layer: a checkpoint for a plan need not have those that it skips.
        string First(string end) =>
            source.Shapes.Keys.Where(name => name.StartsWith(LlamaConfig.Layer, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? $"{LlamaConfig.Layer}0{end}";

        int Taken(int queries)
        {
            note($"{source.Name} does not say how many heads it has, and no config.json or params.json beside it does: they are taken to be {UsualHeadWidth} wide");
            return Math.Max(queries / UsualHeadWidth, 1);
        }
    }

    private static LlamaConfig Fresh(ModelConfig wanted, int vocabulary)
    {
        var width = wanted.Width ?? throw Missing("model.width");
        var heads = wanted.Heads ?? throw Missing("model.heads");
        return width % (2 * heads) == 0
            ? new LlamaConfig
            {
                Vocabulary = vocabulary,
                Width = width,
                Layers = wanted.Layers ?? throw Missing("model.layers"),
                Heads = heads,
                KeyValueHeads = heads,
                HeadWidth = width / heads,
                InnerWidth = LlamaConfig.InnerWidthOf(width),
            }
            : throw new ConfigException("model.heads", $"is {heads}, which does not divide the width of {width} into even parts");

        static ConfigException Missing(string key) => new(key, "must be set: a LLaMA without a checkpoint has fresh weights, and is as large as it is told to be");
    }

    private static double? Number(CheckpointSource source, string name) => source.Metadata.GetValueOrDefault(name) is not { } text
        ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)
            ? number
            : throw source.Wrong($"says in its metadata that {name} is '{text}', expected a positive number");

    private static RotaryLayout Layout(CheckpointSource source) => source.Metadata.GetValueOrDefault(Rotary) is not { } text
        ? LlamaNames.AreHuggingFaces(source.OwnNames) ? RotaryLayout.HalfSplit : RotaryLayout.Adjacent
        : EnumNames.TryParse<RotaryLayout>(text, out var layout)
            ? layout
            : throw source.Wrong($"says in its metadata that {Rotary} is '{text}', expected {string.Join(" or ", EnumNames.All<RotaryLayout>())}");
}
