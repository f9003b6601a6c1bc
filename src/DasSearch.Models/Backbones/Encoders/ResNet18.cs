using System.Globalization;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Formats.Onnx;
using DasSearch.Models.Checkpoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Encoders;

// ResNet-18: He et al., arXiv:1512.03385. From the smaller parts to the whole; fields are named as in torchvision's checkpoints.

/// <summary>A ResNet-18 whose tokens are the cells of a stage's grid, row by row.</summary>
/// <remarks>That of the package has a third block in its last stage, where the paper's has two: 20 convolutions on the way, and three at shortcuts.</remarks>
public sealed record ResNet18Config : IImageEncoderKind
{
    /// <summary>Stages, each but the first with half the rows and columns and twice the channels of the one before.</summary>
    internal const int Stages = 4;

    private const int FirstWidth = 64;

    /// <summary>What the weights' own preprocessing takes off, by channel, red first; from then on values go from 0 to 255.</summary>
    public static IReadOnlyList<float> Mean { get; } = [0.4829f, 0.4545f, 0.4042f];

    /// <summary>A 255th, since the network reads values of bytes.</summary>
    public static IReadOnlyList<float> Deviation { get; } = [1 / 255f, 1 / 255f, 1 / 255f];

    /// <inheritdoc/>
    public string Name => "resnet18";

    /// <inheritdoc/>
    public int Side { get; init; } = 224;

    /// <summary>The stage whose grid it gives, from 1 to 4: the last one's cells are 32 pixels wide, those of the one before 16.</summary>
    public int Stage { get; init; } = Stages;

    /// <inheritdoc/>
    public int Width => WidthOf(Stage);

    /// <inheritdoc/>
    public int Tokens => GridOf(Stage) * GridOf(Stage);

    /// <inheritdoc/>
    public bool TellsPositions => false;

    /// <inheritdoc/>
    public double? Scale { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ParameterShape> Parameters =>
    [
        new("conv1.weight", [FirstWidth, 3, 7, 7]),
        .. Norm("bn1", FirstWidth),
        .. Enumerable.Range(1, Stage).SelectMany(static stage => Enumerable.Range(0, BlocksOf(stage)).SelectMany(block => Block($"layer{stage}.{block}", WidthRead(stage, block), WidthOf(stage)))),
    ];

    /// <inheritdoc/>
    public long MultiplyAccumulates
    {
        get
        {
            long half = Half(Side), sum = half * half * 3 * 7 * 7 * FirstWidth;
            for (var stage = 1; stage <= Stage; stage++)
            {
                long cells = GridOf(stage) * GridOf(stage), width = WidthOf(stage), before = WidthRead(stage, 0);
                sum += cells * width * 9 * (before + (((2 * BlocksOf(stage)) - 1) * width));
                sum += before == width ? 0 : cells * before * width;
            }

            return sum;
        }
    }

    /// <inheritdoc/>
    public IImageEncoder Create(Device device) => new ResNet18(this, device);

    internal static int WidthOf(int stage) => FirstWidth << (stage - 1);

    internal static int BlocksOf(int stage) => stage < Stages ? 2 : 3;

    internal static int WidthRead(int stage, int block) => block == 0 && stage > 1 ? WidthOf(stage - 1) : WidthOf(stage);

    // Rows and columns after the first convolution, its pooling and the stages.
    private int GridOf(int stage) => Enumerable.Range(0, stage + 1).Aggregate(Side, static (side, _) => Half(side));

    private static int Half(int side) => (side + 1) / 2;

    private static IEnumerable<ParameterShape> Block(string name, int before, int width) =>
    [
        new(name + ".conv1.weight", [width, before, 3, 3]),
        .. Norm(name + ".bn1", width),
        new(name + ".conv2.weight", [width, width, 3, 3]),
        .. Norm(name + ".bn2", width),
        .. before == width ? [] : (IEnumerable<ParameterShape>)[new(name + ".downsample.0.weight", [width, before, 1, 1]), .. Norm(name + ".downsample.1", width)],
    ];

    private static IEnumerable<ParameterShape> Norm(string name, int width) => [new(name + ".weight", [width]), new(name + ".bias", [width])];
}

/// <summary>Batch normalisation by statistics that are never gathered anew, whatever mode the network around it is in.</summary>
internal sealed class FrozenNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight, bias;
    private readonly Tensor running_mean, running_var;

    internal FrozenNorm(int width, Device device)
        : base(nameof(FrozenNorm))
    {
        weight = new Parameter(ones(width, device: device));
        bias = new Parameter(zeros(width, device: device));
        (running_mean, running_var) = (zeros(width, device: device), ones(width, device: device));
        RegisterComponents();

        // They are its own, in whatever scope it was built.
        foreach (var tensor in state_dict().Values)
        {
            tensor.DetachFromDisposeScope();
        }
    }

    public override Tensor forward(Tensor input) =>
        nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training: false, eps: 1e-5);
}

/// <summary>norm(conv(ReLU(norm(conv x)))) + x, or + norm(conv x) where the width changes; then ReLU.</summary>
internal sealed class ResNetBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1, conv2;
    private readonly FrozenNorm bn1, bn2;
    private readonly Sequential? downsample;

    internal ResNetBlock(int before, int width, Device device)
        : base(nameof(ResNetBlock))
    {
        var stride = before == width ? 1 : 2;
        conv1 = nn.Conv2d(before, width, 3, stride, padding: 1, bias: false, device: device);
        bn1 = new FrozenNorm(width, device);
        conv2 = nn.Conv2d(width, width, 3, padding: 1, bias: false, device: device);
        bn2 = new FrozenNorm(width, device);
        downsample = before == width ? null : nn.Sequential(("0", nn.Conv2d(before, width, 1, stride, bias: false, device: device)), ("1", new FrozenNorm(width, device)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var inner = bn1.call(conv1.call(input)).relu_();
        return (bn2.call(conv2.call(inner)) + (downsample?.call(input) ?? input)).relu_().MoveToOuterDisposeScope();
    }
}

/// <summary>A frozen ResNet-18 as far as it is looked at: without the pooling at its end, and without what comes after.</summary>
internal sealed class ResNet18 : nn.Module, IImageEncoder
{
    private readonly Conv2d conv1;
    private readonly FrozenNorm bn1;
    private readonly List<Sequential> _stages = [];

    internal ResNet18(ResNet18Config config, Device device)
        : base(nameof(ResNet18))
    {
        Width = config.Width;
        conv1 = nn.Conv2d(3, ResNet18Config.WidthOf(1), 7, 2, padding: 3, bias: false, device: device);
        bn1 = new FrozenNorm(ResNet18Config.WidthOf(1), device);
        RegisterComponents();
        for (var stage = 1; stage <= config.Stage; stage++)
        {
            var blocks = Enumerable.Range(0, ResNet18Config.BlocksOf(stage)).Select(block => (
                block.ToString(CultureInfo.InvariantCulture),
                (nn.Module<Tensor, Tensor>)new ResNetBlock(ResNet18Config.WidthRead(stage, block), ResNet18Config.WidthOf(stage), device)));
            _stages.Add(nn.Sequential(blocks.ToArray()));
            register_module($"layer{stage}", _stages[^1]);
        }

        foreach (var parameter in parameters())
        {
            parameter.requires_grad = false;
        }
    }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    public Tensor Encode(Tensor images)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var x = nn.functional.max_pool2d(bn1.call(conv1.call(images)).relu_(), 3, 2, padding: 1);
        foreach (var stage in _stages)
        {
            x = stage.call(x);
        }

        return x.flatten(2).transpose(1, 2).contiguous().MoveToOuterDisposeScope();
    }
}

/// <summary>The weights of ImageNet as the package Microsoft.ML.DnnImageFeaturizer.ResNet18 has them: an ONNX model of Microsoft's CNTK; MIT.</summary>
public static class ResNet18Weights
{
    private static readonly string[] _rows = ["weight", "bias", "running_mean", "running_var"]; // of a norm, in the file's order

    /// <summary>The frozen encoder with these weights.</summary>
    /// <exception cref="DasSearchException">The package's file is missing, or is not what it was.</exception>
    public static IImageEncoder Load(ResNet18Config config, Device device)
    {
        ArgumentNullException.ThrowIfNull(config);
        var encoder = new ResNet18(config, device);
        using var scope = NewDisposeScope();
        EncoderWeights.Fill(encoder, PackagedWeights.ResNet18, Read(OnnxModel.Open(PackagedWeights.PathOf(PackagedWeights.ResNet18))));
        return encoder;
    }

    /// <summary>The weights by torchvision's names. The file has numbers for names, so that the order of its nodes tells what is what.</summary>
    /// <remarks>A block whose width changes has its shortcut before what that goes around. The file's network reads blue first, and ours red.</remarks>
    internal static IReadOnlyDictionary<string, Tensor> Read(OnnxModel model)
    {
        var layers = new Queue<(string Convolution, string Norm)>(Layers());
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var convolutions = model.Nodes.Where(static node => node is { Type: "Conv", Inputs.Count: 2, Outputs.Count: 1 });
        foreach (var convolution in convolutions)
        {
            var norm = model.Nodes.FirstOrDefault(node => node is { Type: "BatchNormalization", Inputs.Count: 5 } && node.Inputs[0] == convolution.Outputs[0]);
            if (norm is null || !layers.TryDequeue(out var names))
            {
                throw new DasSearchException($"{model.Source} is no ResNet-18: its {(tensors.Count / 5) + 1}th convolution is not followed by a norm, or is one too many");
            }

            var weight = Tensor(convolution.Inputs[1]);
            tensors.Add(names.Convolution + ".weight", weight.dim() == 4 && weight.size(1) == 3 ? weight.flip(1) : weight);
            foreach (var (row, input) in _rows.Zip(norm.Inputs.Skip(1)))
            {
                tensors.Add($"{names.Norm}.{row}", Tensor(input));
            }
        }

        return layers.Count == 0 ? tensors : throw new DasSearchException($"{model.Source} is no ResNet-18: it lacks {layers.Count} of its convolutions");

        Tensor Tensor(string name) => model.Tensors.TryGetValue(name, out var found)
            ? CheckpointFile.TensorOf(found)
            : throw new DasSearchException($"{model.Source} lacks the weights {name}");
    }

    private static IEnumerable<(string Convolution, string Norm)> Layers()
    {
        yield return ("conv1", "bn1");
        for (var stage = 1; stage <= ResNet18Config.Stages; stage++)
        {
            for (var block = 0; block < ResNet18Config.BlocksOf(stage); block++)
            {
                var name = $"layer{stage}.{block}";
                if (ResNet18Config.WidthRead(stage, block) != ResNet18Config.WidthOf(stage))
                {
                    yield return (name + ".downsample.0", name + ".downsample.1");
                }

                yield return (name + ".conv1", name + ".bn1");
                yield return (name + ".conv2", name + ".bn2");
            }
        }
    }
}
