using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Formats;
using DasSearch.Models.Backbones.Encoders;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>A BERT for a task: all-MiniLM-L6-v2 with the weights of its package, a checkpoint's by Hugging Face's names, or with fresh weights.</summary>
/// <remarks>Sizes are those of the tensors; heads come from the file's metadata or the settings, and are 12 where nobody says.</remarks>
internal static class BertCheckpoint
{
    // Models with a head for some task put "bert." before everything.
    private static readonly CheckpointKind _kind = new("BERT", new NameTable([new NameRule("bert", "")])) { Others = ["cls.", "classifier.", "embeddings.position_ids"] };

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static LoadedBackbone Load(BackboneRequest request)
    {
        var (config, source) = Configure(request);
        var bert = new Bert(config, request);
        try
        {
            using var scope = NewDisposeScope();
            if (source is not null)
            {
                _ = source.Fill(bert);
            }
            else if (request.Sizes.Weights != StartingWeights.Fresh)
            {
                EncoderWeights.Fill(bert, PackagedWeights.MiniLm, MiniLm.Read());
            }

            return new LoadedBackbone(bert, new Dictionary<string, Tensor>());
        }
        catch
        {
            bert.Dispose();
            throw;
        }
    }

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static BackboneDescription Describe(BackboneRequest request)
    {
        using var scope = NewDisposeScope();
        return BertCosts.Describe(Configure(request).Config, request.Input, request.Granularity);
    }

    private static (BertConfig Config, CheckpointSource? Source) Configure(BackboneRequest request)
    {
        var (wanted, input) = (request.Sizes, request.Input);
        var source = request.Checkpoint is { } path ? CheckpointSource.Read(path, _kind) : null;
        var config = source is not null ? Of(source, wanted) : wanted.Weights == StartingWeights.Fresh ? Fresh(wanted) : Packaged(wanted);
        config = config with { Dropout = wanted.Dropout ?? config.Dropout };
        var problem = config.Vocabulary != input.Vocabulary ? $"has {config.Vocabulary} words, the task's tokenizer has {input.Vocabulary}"
            : config.Length < input.TextLength ? $"reads texts of at most {config.Length} tokens, the task's have {input.TextLength}"
            : config.Width % config.Heads != 0 ? $"has a width of {config.Width}, which its {config.Heads} heads do not divide: set model.heads"
            : null;
        if (problem is not null)
        {
            throw source?.Wrong(problem) ?? new ConfigException("model", $"does not fit the task: the backbone {problem}");
        }

        var modules = BertModule.All(config.Layers, request.Granularity);
        request.CheckPlanned(modules.Count, config.Layers);
        var needed = config.EmbeddingParameters().Concat(modules
            .Where((_, i) => request.Absent?.Contains(i) != true)
            .SelectMany(module => module.Parts.SelectMany(part => config.LayerParameters(module.LayerName, part))));
        if (source?.Check(needed, config.Parameters.Select(static known => known.Name)) is { } leftOut)
        {
            request.Note(leftOut);
        }

        return (config, source);
    }

    private static BertConfig Of(CheckpointSource source, ModelConfig wanted)
    {
        var words = source.Shape(BertConfig.Words, 2);
        var heads = source.Count("heads");
        return BertConfig.MiniLm with
        {
            Vocabulary = (int)words[0],
            Width = source.Agreed("model.width", wanted.Width, (int)words[1]),
            Positions = (int)source.Shape(BertConfig.PositionTable, 2)[0],
            Segments = (int)source.Shape(BertConfig.SegmentTable, 2)[0],
            Layers = source.Agreed("model.layers", wanted.Layers, source.Layers(BertConfig.Layer)),
            InnerWidth = (int)source.Shape($"{BertConfig.Layer}0.intermediate.dense.weight", 2)[0],
            Heads = heads is { } said ? source.Agreed("model.heads", wanted.Heads, said) : wanted.Heads ?? BertConfig.MiniLm.Heads,
        };
    }

    private static BertConfig Packaged(ModelConfig wanted)
    {
        var config = BertConfig.MiniLm;
        (string Key, int? Wanted, int Found)[] sizes =
            [("model.width", wanted.Width, config.Width), ("model.layers", wanted.Layers, config.Layers), ("model.heads", wanted.Heads, config.Heads)];
        foreach (var (key, asked, found) in sizes.Where(static size => size.Wanted is { } asked && asked != size.Found))
        {
            throw new ConfigException(key, $"is {asked}, but MiniLM has {found}: model.weights: fresh begins with fresh weights of any size");
        }

        return config;
    }

    private static BertConfig Fresh(ModelConfig wanted)
    {
        var usual = BertConfig.MiniLm;
        var width = wanted.Width ?? usual.Width;
        return usual with { Width = width, InnerWidth = 4 * width, Layers = wanted.Layers ?? usual.Layers, Heads = wanted.Heads ?? usual.Heads };
    }
}
