using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Formats;
using DasSearch.Models.Backbones.Encoders;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>The official checkpoints' names and sizes, and a METER for a task from such a file, or with fresh weights.</summary>
/// <remarks>Sizes are read off the tensors' shapes, heads and dropout as <see cref="ViltCheckpoint"/> does.</remarks>
public static class MeterCheckpoint
{
    internal const string TextPooler = "cross_modal_text_pooler.dense";
    internal const string ImagePooler = "cross_modal_image_pooler.dense";

    /// <summary>What metadata has the name of a packaged encoder of texts under.</summary>
    internal const string TextEncoderKey = "text_encoder";

    /// <summary>What metadata has the heads of encoders under that are no package's.</summary>
    internal const string TextHeads = "text_heads", ImageHeads = "image_heads";

    private const string Text = "text_transformer.";
    private const string Image = "vit_model.";
    internal const string TextTransform = "cross_modal_text_transform";
    internal const string ImageTransform = "cross_modal_image_transform";
    internal const string TextPositions = "text_positions";
    internal const string ImagePositions = "image_positions";
    private const string FirstToken = "token4classifier";
    private const string Modalities = "token_type_embeddings.weight";

    // Official names alone: nobody else has a METER.
    private static readonly CheckpointKind _kind = new("METER", new NameTable([]))
    {
        Others =
        [
            "mlm_score.", "itm_score.", "word_itm_score.", "summary_score.", "vqa_classifier.", "nlvr2_classifier.", "snli_classifier.", "rank_output.", Text + "embeddings.position_ids",
            "adapter_list_", "skip_num", "das_gate",
        ],
        Tables = [ResizableTable.SecondImage(Modalities), ResizableTable.Positions(Image + ClipVision.Positions)],
    };

    /// <summary>Beginnings of the names of what every transfer method trains: poolers, modality embeddings, and the token in the place of the text's first.</summary>
    internal static IReadOnlyList<string> AlwaysTrained { get; } = ["cross_modal_text_pooler.", "cross_modal_image_pooler.", Modalities, FirstToken];

    /// <summary>Beginnings of the names of what no method trains: the encoders, what brings their outputs to the layers' width, and positions.</summary>
    internal static IReadOnlyList<string> NeverTrained { get; } = [Text, Image, TextTransform + ".", ImageTransform + ".", TextPositions, ImagePositions];

    /// <summary>What names of layers and poolers, and of what is attached to kept layers, contain; adapters in place of layers are called otherwise.</summary>
    internal const string CrossModal = "cross_modal";

    /// <summary>Beginnings of the names of the encoders' parameters.</summary>
    internal static IReadOnlyList<string> EncoderNames { get; } = [Text, Image];

    internal static string LayerName(bool isText, int layer) => $"cross_modal_{(isText ? "text" : "image")}_layers.{layer}";

    /// <summary>What DAS's code calls the adapter in place of a layer.</summary>
    internal static string ReplacementName(bool isText, int layer) => $"adapter_list_{(isText ? "l" : "v")}.{layer}.0";

    /// <summary>The parameters of a Linear or norm.</summary>
    internal static IEnumerable<ParameterShape> ShapesOf(ProjectionPlace place) =>
        [new(place.Name + ".weight", place.Role == ProjectionRole.Norm ? [place.Out] : [place.Out, place.In]), new(place.Name + ".bias", [place.Out])];

    /// <summary>Every parameter outside the layers.</summary>
    internal static IEnumerable<ParameterShape> Outside(MeterConfig config)
    {
        long d = config.Width;
        var (text, image) = (config.Encoders.Text, config.Encoders.Image);
        return
        [
            .. text.Parameters.Select(static shape => shape with { Name = Text + shape.Name }),
            .. image.Parameters.Select(static shape => shape with { Name = Image + shape.Name }),
            .. Linear(TextTransform, text.Width, d),
            .. Linear(ImageTransform, image.Width, d),
            .. text.TellsPositions ? [] : (ParameterShape[])[new(TextPositions, [1, text.Length, d])],
            .. image.TellsPositions ? [] : (ParameterShape[])[new(ImagePositions, [1, image.Tokens, d])],
            new(FirstToken, [1, 1, d]),
            new(Modalities, [1 + config.ImagesPerSample, d]),
            .. Linear(TextPooler, d, d),
            .. Linear(ImagePooler, d, d),
        ];
    }

    /// <summary>Every parameter of a METER without the skipped modules.</summary>
    internal static IEnumerable<ParameterShape> Parameters(MeterConfig config, InputShape input, Granularity granularity, Subnetwork? skipped)
    {
        // What is outside the modules, and norms that stay of skipped attentions, are no module's.
        var description = MeterCosts.Describe(config, input, granularity);
        return Outside(config).Concat(description.Projections
            .Where(place => place.Role != ProjectionRole.Pooler && (place.Module is not { } module || skipped?.Contains(module) != true))
            .SelectMany(ShapesOf));
    }

    /// <exception cref="DasSearchException">The checkpoint cannot be read, is none of a METER, or does not fit task or settings.</exception>
    internal static LoadedBackbone Load(BackboneRequest request) => Load(request, arePackaged: false);

    /// <summary>The same of a METER over packaged encoders.</summary>
    /// <exception cref="DasSearchException">As of a METER with encoders of its own, or an encoder's package is missing.</exception>
    internal static LoadedBackbone LoadMini(BackboneRequest request) => Load(request, arePackaged: true);

    private static LoadedBackbone Load(BackboneRequest request, bool arePackaged)
    {
        var (config, checkpoint) = Configure(request, arePackaged);
        var meter = new Meter(config, request);
        try
        {
            if (checkpoint is null)
            {
                return new LoadedBackbone(meter, new Dictionary<string, Tensor>());
            }

            var isBefore = IsBeforeDas(checkpoint, config);
            var rest = checkpoint.Fill(meter, name => IsOfCheckpoint(config, name) && !(isBefore && name == FirstToken));
            if (isBefore)
            {
                meter.BeginFirstToken();
            }

            return new LoadedBackbone(meter, rest);
        }
        catch
        {
            meter.Dispose();
            throw;
        }
    }

    /// <summary>What would be built.</summary>
    /// <exception cref="DasSearchException">The checkpoint cannot be read, is none of a METER, or does not fit task or settings.</exception>
    internal static BackboneDescription Describe(BackboneRequest request) => Describe(request, arePackaged: false);

    /// <summary>What would be built of a METER over packaged encoders.</summary>
    /// <exception cref="DasSearchException">As of a METER with encoders of its own.</exception>
    internal static BackboneDescription DescribeMini(BackboneRequest request) => Describe(request, arePackaged: true);

    private static BackboneDescription Describe(BackboneRequest request, bool arePackaged)
    {
        using var scope = NewDisposeScope();
        return MeterCosts.Describe(Configure(request, arePackaged).Config, request.Input, request.Granularity);
    }

    private static (MeterConfig Config, CheckpointSource? Checkpoint) Configure(BackboneRequest request, bool arePackaged)
    {
        var checkpoint = request.Checkpoint is { } path ? CheckpointSource.Read(path, _kind) : null;
        var packaged = arePackaged ? MeterMini.EncodersOf(TextWeights(checkpoint, request.Sizes.Weights)) : null;
        var config = checkpoint is null ? Fresh(request, packaged) : Sizes(checkpoint, request, packaged);
        Fit(config, request.Input, checkpoint);
        config = config with { ImagesPerSample = request.Input.Images };
        var modules = MeterModule.All(config.Layers, request.Granularity).Count;
        if (request.Absent is { Modules: var planned } && planned != modules)
        {
            throw new DasSearchException(
                $"the plan is for {planned} modules, but the backbone has {modules} at granularity {EnumNames.NameOf(request.Granularity)}: {config.Layers} pairs of layers");
        }

        var known = Parameters(config, request.Input, request.Granularity, skipped: null).Select(static known => known.Name);
        var isBefore = checkpoint is not null && IsBeforeDas(checkpoint, config);
        var needed = Parameters(config, request.Input, request.Granularity, request.Absent)
            .Where(shape => IsOfCheckpoint(config, shape.Name) && !(isBefore && shape.Name == FirstToken));
        if (checkpoint?.Check(needed, known) is { } leftOut)
        {
            request.Note(leftOut);
        }

        if (isBefore)
        {
            request.Note($"{checkpoint!.Name} has no {FirstToken}, which came with DAS: it starts as the text encoder's embedding of <s>, as in the code of DAS");
        }

        return (config, checkpoint);
    }

    // Of a size that was asked for, encoders are of the same.
    private static MeterConfig Fresh(BackboneRequest request, EncoderPair? packaged)
    {
        var (wanted, input) = (request.Sizes, request.Input);
        var (text, image) = (BertConfig.RobertaBase with { Vocabulary = input.Vocabulary }, new ClipVisionConfig { Side = input.ImageHeight });
        var usual = new MeterConfig { Encoders = new EncoderPair(text, image) };
        var width = wanted.Width ?? usual.Width;
        var heads = wanted.Heads ?? ViltCheckpoint.UsualHeads(width) ?? throw new ConfigException(
            "model.heads", $"must be set, since model.width, {width}, is not so many times 64, the usual width of a head");
        return usual with
        {
            Encoders = packaged ?? new EncoderPair(
                text with { Width = width, Heads = heads, InnerWidth = 4 * width, Layers = wanted.Layers ?? text.Layers },
                image with { Width = width, Heads = heads, Layers = wanted.Layers ?? image.Layers, PatchSize = wanted.PatchSize ?? image.PatchSize }),
            Width = width,
            Layers = wanted.Layers ?? usual.Layers,
            Heads = heads,
            Dropout = wanted.Dropout ?? usual.Dropout,
        };
    }

    private static MeterConfig Sizes(CheckpointSource source, BackboneRequest request, EncoderPair? packaged)
    {
        var wanted = request.Sizes;
        var width = (int)source.Shape(TextTransform + ".weight", 2)[0];
        var inner = source.Shape(LayerName(isText: true, 0) + ".intermediate.dense.weight", 2)[0];
        var layers = source.Layers("cross_modal_text_layers.");
        return new MeterConfig
        {
            Encoders = packaged ?? new EncoderPair(TextEncoder(source), ImageEncoder(source, request)),
            Width = source.Agreed("model.width", wanted.Width, width),
            Layers = source.Agreed("model.layers", wanted.Layers, layers),
            Heads = source.Count("heads") ?? wanted.Heads ?? Heads(source, width, "model.heads"),
            FeedForwardRatio = inner % width == 0 ? (int)(inner / width) : throw source.Wrong($"has a feed-forward part of width {inner}, expected a multiple of the width, {width}"),
            Dropout = source.Probability("dropout") ?? wanted.Dropout ?? new MeterConfig { Encoders = null! }.Dropout,
        };
    }

    // A checkpoint was made over one of them, and older ones do not say so: these are over what others trained.
    private static StartingWeights TextWeights(CheckpointSource? source, StartingWeights? wanted)
    {
        if (source is null)
        {
            return wanted ?? StartingWeights.Trained;
        }

        var name = source.Metadata.GetValueOrDefault(TextEncoderKey);
        var kinds = Enum.GetValues<StartingWeights>();
        var found = name is null ? StartingWeights.Trained
            : kinds.Select(static kind => (StartingWeights?)kind).FirstOrDefault(kind => NameOf(kind!.Value) == name)
            ?? throw source.Wrong($"says in its metadata that its {TextEncoderKey} is '{name}', expected {string.Join(" or ", kinds.Select(NameOf))}");
        return wanted is null || wanted == found
            ? found
            : throw new ConfigException("model.weights", $"is {EnumNames.NameOf(wanted.Value)}, but {source.Name} was made over {EnumNames.NameOf(found)} ones of its encoder of texts");

        static string NameOf(StartingWeights weights) => MeterMini.EncodersOf(weights).Text.Name;
    }

    private static BertConfig TextEncoder(CheckpointSource source)
    {
        var words = source.Shape(Text + BertConfig.Words, 2);
        return BertConfig.RobertaBase with
        {
            Vocabulary = (int)words[0],
            Positions = (int)source.Shape(Text + BertConfig.PositionTable, 2)[0],
            Width = (int)words[1],
            Layers = source.Layers(Text + BertConfig.Layer),
            Heads = source.Count(TextHeads) ?? Heads(source, (int)words[1], $"{TextHeads} in its metadata"),
            InnerWidth = (int)source.Shape($"{Text}{BertConfig.Layer}0.intermediate.dense.weight", 2)[0],
        };
    }

    private static ClipVisionConfig ImageEncoder(CheckpointSource source, BackboneRequest request)
    {
        var patches = source.Shape(Image + ClipVision.Patches, 4);
        return new ClipVisionConfig
        {
            Side = request.Input.ImageHeight,
            PatchSize = (int)patches[2],
            Width = (int)patches[0],
            Layers = source.Layers(Image + ClipVision.Blocks),
            Heads = source.Count(ImageHeads) ?? Heads(source, (int)patches[0], $"{ImageHeads} in its metadata"),
        };
    }

    private static int Heads(CheckpointSource source, int width, string key) => ViltCheckpoint.UsualHeads(width)
        ?? throw source.Wrong($"does not say how many heads there are of a width of {width}, which is not so many times 64: set {key}");

    private static void Fit(MeterConfig config, InputShape input, CheckpointSource? source)
    {
        var (text, image) = (config.Encoders.Text, config.Encoders.Image);
        var problem =
            text.Vocabulary != input.Vocabulary ? $"has {text.Vocabulary} words, the task's tokenizer has {input.Vocabulary}"
            : text.Length < input.TextLength ? $"reads texts of at most {text.Length} tokens, the task's have {input.TextLength}"
            : input.ImageHeight != input.ImageWidth ? $"reads square images, the task's are {input.ImageHeight}×{input.ImageWidth}"
            : image.Side != input.ImageHeight ? $"reads images of {image.Side} pixels, the task's are of {input.ImageHeight}"
            : image.Tokens < 2 ? $"has patches that do not fit into images of {input.ImageHeight} pixels"
            : config.Width % config.Heads != 0 ? $"has a width of {config.Width}, which its {config.Heads} heads do not divide: set model.heads"
            : null;
        if (problem is not null)
        {
            throw source?.Wrong(problem) ?? new ConfigException("model", $"does not fit the task: the backbone {problem}");
        }
    }

    /// <summary>Whether a parameter is in checkpoints, and does not come with a package.</summary>
    internal static bool IsOfCheckpoint(MeterConfig config, string name) =>
        !config.Encoders.ArePackaged || !EncoderNames.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    // METER's own checkpoints: the token in the place of the text's first came with DAS, whose code starts it with an embedding, which is as wide in METER's sizes.
    private static bool IsBeforeDas(CheckpointSource checkpoint, MeterConfig config) =>
        !checkpoint.Shapes.ContainsKey(FirstToken) && !config.Encoders.ArePackaged && config.Encoders.Text.Width == config.Width;

    private static IEnumerable<ParameterShape> Linear(string name, long width, long result) =>
        [new(name + ".weight", [result, width]), new(name + ".bias", [result])];
}
