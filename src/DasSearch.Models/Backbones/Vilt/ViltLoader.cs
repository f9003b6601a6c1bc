using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>Builds a ViLT for a task from a checkpoint under the official names, or with fresh weights.</summary>
/// <remarks>
/// Sizes are read off the tensors' shapes; heads and dropout, which leave no trace there, come from the file's metadata
/// (<c>heads</c>, <c>dropout</c>), else from the settings, else heads are 64 wide and dropout is 0.1 as in the paper.
/// </remarks>
internal static class ViltLoader
{
    private const string Words = "text_embeddings.word_embeddings.weight";
    private const string TextPositions = "text_embeddings.position_embeddings.weight";
    private const string ImagePositions = "transformer.pos_embed";
    private const string Patches = "transformer.patch_embed.proj.weight";
    private const string Modalities = "token_type_embeddings.weight";
    private const string Block = "transformer.blocks.";
    private const int HeadWidth = 64;

    /// <exception cref="DasSearchException">The checkpoint cannot be read, is none of a ViLT, or does not fit task or settings.</exception>
    internal static LoadedBackbone Load(BackboneRequest request)
    {
        var (config, checkpoint) = Configure(request);
        var vilt = new Vilt(config, request.Input, request.Device, Cut(request, config), request.Absent);
        try
        {
            return new LoadedBackbone(vilt, checkpoint is null ? new Dictionary<string, Tensor>() : Fill(vilt, checkpoint));
        }
        catch
        {
            vilt.Dispose();
            throw;
        }
    }

    /// <summary>What <see cref="Load"/> would build.</summary>
    /// <exception cref="DasSearchException">The checkpoint cannot be read, is none of a ViLT, or does not fit task or settings.</exception>
    internal static BackboneDescription Describe(BackboneRequest request)
    {
        using var scope = NewDisposeScope();
        var config = Configure(request).Config;
        return ViltCosts.Describe(config, request.Input, Cut(request, config));
    }

    // A plan says how many modules there are, and thereby what they are.
    private static Granularity Cut(BackboneRequest request, ViltConfig config) => request.Absent is not { Modules: var modules }
        ? request.Granularity
        : Enum.GetValues<Granularity>().Cast<Granularity?>().FirstOrDefault(cut => ViltPart.All(config.Layers, cut!.Value).Count == modules)
            ?? throw new DasSearchException(
                $"the plan is for {modules} modules, but the backbone has {config.Layers} layers, or {2 * config.Layers} modules where their parts are skipped on their own");

    private static (ViltConfig Config, Source? Checkpoint) Configure(BackboneRequest request)
    {
        var checkpoint = request.Checkpoint is { } path ? new Source(path, SafetensorsReader.Read(path)) : null;
        var config = checkpoint is null ? Fresh(request.Sizes, request.Input) : Sizes(checkpoint, request.Sizes);
        Fit(config, request.Input, checkpoint);
        return (config with { ImagesPerSample = request.Input.Images }, checkpoint);
    }

    private static ViltConfig Fresh(ModelConfig wanted, InputShape input)
    {
        var usual = new ViltConfig();
        var patch = wanted.PatchSize ?? usual.PatchSize;
        var width = wanted.Width ?? usual.Width;
        return usual with
        {
            Vocabulary = input.Vocabulary,
            TextLength = Math.Max(input.TextLength, usual.TextLength),
            Width = width,
            Layers = wanted.Layers ?? usual.Layers,
            Heads = wanted.Heads ?? Math.Max(width / HeadWidth, 1),
            PatchSize = patch,
            PositionGrid = Math.Max(input.ImageHeight / patch, 1),
        };
    }

    private static ViltConfig Sizes(Source source, ModelConfig wanted)
    {
        var words = source.Shape(Words, 2);
        var patches = source.Shape(Patches, 4);
        var positions = source.Shape(ImagePositions, 3);
        var grid = (int)Math.Sqrt(positions[1] - 1);
        if ((grid * grid) + 1 != positions[1])
        {
            throw source.Wrong($"{ImagePositions} has {positions[1]} rows, expected one and a square number of them");
        }

        var width = (int)words[1];
        return new ViltConfig
        {
            Vocabulary = (int)words[0],
            TextLength = (int)source.Shape(TextPositions, 2)[0],
            Width = source.Agreed("model.width", wanted.Width, width),
            Layers = source.Agreed("model.layers", wanted.Layers, Layers(source)),
            Heads = source.Count("heads") is { } heads
                ? source.Agreed("model.heads", wanted.Heads, heads)
                : wanted.Heads ?? Math.Max(width / HeadWidth, 1),
            FeedForwardRatio = Ratio(source, width),
            PatchSize = source.Agreed("model.patch_size", wanted.PatchSize, (int)patches[2]),
            PositionGrid = grid,
            Dropout = source.Probability("dropout") ?? new ViltConfig().Dropout,
        };
    }

    private static int Ratio(Source source, int width)
    {
        var inner = source.Shape($"{Block}0.mlp.fc1.weight", 2)[0];
        return inner % width == 0
            ? (int)(inner / width)
            : throw source.Wrong($"has a feed-forward part of width {inner}, expected a multiple of the width, {width}");
    }

    private static int Layers(Source source)
    {
        var layers = 0;
        while (source.Checkpoint.Tensors.ContainsKey($"{Block}{layers.ToString(CultureInfo.InvariantCulture)}.attn.qkv.weight"))
        {
            layers++;
        }

        return layers > 0 ? layers : throw source.Wrong($"has no {Block}0.attn.qkv.weight: it is no ViLT's");
    }

    private static void Fit(ViltConfig config, InputShape input, Source? source)
    {
        string? problem = null;
        if (config.Vocabulary != input.Vocabulary)
        {
            problem = $"has {config.Vocabulary} words, the task's tokenizer has {input.Vocabulary}";
        }
        else if (config.TextLength < input.TextLength)
        {
            problem = $"reads texts of at most {config.TextLength} tokens, the task's have {input.TextLength}";
        }
        else if (input.ImageHeight % config.PatchSize != 0 || input.ImageWidth % config.PatchSize != 0)
        {
            problem = $"has patches of {config.PatchSize} pixels, which do not divide images of {input.ImageHeight}×{input.ImageWidth}";
        }
        else if (config.Width % config.Heads != 0)
        {
            problem = $"has a width of {config.Width}, which its {config.Heads} heads do not divide: set model.heads";
        }

        if (problem is not null)
        {
            throw source?.Wrong(problem) ?? new ConfigException("model", $"does not fit the task: the backbone {problem}");
        }
    }

    // What the network does not have is handed on; what it lacks or has in another shape is an error.
    private static Dictionary<string, Tensor> Fill(Vilt vilt, Source source)
    {
        using var unrecorded = no_grad();
        var rest = source.Checkpoint.Tensors.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, parameter) in vilt.named_parameters())
        {
            if (!rest.Remove(name, out var saved))
            {
                throw source.Wrong($"lacks {name}");
            }

            // A second image (NLVR2) gets a modality row of its own, which starts as the first image's.
            var fitting = name == Modalities && saved.dim() == 2 && saved.size(0) == 2 && parameter.size(0) == 3
                ? cat([saved, saved.narrow(0, 1, 1)])
                : saved;
            if (!fitting.shape.SequenceEqual(parameter.shape))
            {
                throw source.Wrong($"has {name} of shape {Text(saved.shape)}, expected {Text(parameter.shape)}");
            }

            parameter.copy_(fitting);
        }

        return rest;
    }

    private static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";

    private sealed record Source(string Path, Checkpoint Checkpoint)
    {
        internal DasSearchException Wrong(string problem) => new($"checkpoint {Path} {problem}");

        internal long[] Shape(string name, int dimensions)
        {
            var shape = Checkpoint.Tensors.TryGetValue(name, out var tensor) ? tensor.shape : throw Wrong($"lacks {name}: it is no ViLT's");
            return shape.Length == dimensions && shape.All(size => size is > 0 and <= int.MaxValue)
                ? shape
                : throw Wrong($"has {name} of shape {Text(shape)}, expected {dimensions} dimensions");
        }

        internal double? Probability(string name) => Checkpoint.Metadata.GetValueOrDefault(name) is not { } text
            ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1
                ? number
                : throw Wrong($"says in its metadata that {name} is '{text}', expected a number from 0 up to, without, 1");

        internal int? Count(string name) => Checkpoint.Metadata.GetValueOrDefault(name) is not { } text
            ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
                ? number
                : throw Wrong($"says in its metadata that {name} is '{text}', expected a positive integer");

        internal int Agreed(string key, int? wanted, int found) => wanted is null || wanted == found
            ? found
            : throw new ConfigException(key, $"is {wanted}, but checkpoint {Path} has {found}");
    }
}
