using DasSearch.Core;
using DasSearch.Models.Backbones.Encoders;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>METER over encoders that others trained and that come with packages: all-MiniLM-L6-v2 and an ImageNet ResNet-18's grid.</summary>
/// <remarks>Its checkpoints hold what is between these encoders and heads.</remarks>
public static class MeterMini
{
    // Word pieces that MiniLM was made a sentence encoder with.
    private const int LongestText = 128;

    // Four pictures of 64 pixels, of each of which the last stage has 2×2 cells.
    private static readonly ResNet18Config _image = new() { Side = 128, Scale = 2.7 };

    /// <summary>Who trained the encoders.</summary>
    internal const string Origin = "frozen encoders that others trained and that are not in this file: all-MiniLM-L6-v2 (Sentence Transformers, "
        + "from Microsoft's MiniLM; Apache-2.0) and an ImageNet ResNet-18 (Microsoft; MIT)";

    /// <summary>The encoders.</summary>
    internal static EncoderPair Encoders { get; } = new(new PackagedMiniLm(), new PackagedResNet18(_image)) { ArePackaged = true };

    /// <summary>What its images are to be like.</summary>
    public static ImageStyle Style { get; } = new(_image.Side, ResNet18Config.Mean, ResNet18Config.Deviation);

    /// <summary>A METER-mini as the experiments have it: a question of 24 tokens.</summary>
    internal static BackboneDescription DescribeProfiled() => MeterCosts.Describe(
        new MeterConfig { Encoders = Encoders, Width = 128, Heads = 4 }, new InputShape(Encoders.Text.Vocabulary, 24, _image.Side, _image.Side));

    private sealed record PackagedMiniLm : ITextEncoderKind
    {
        public string Name => BertConfig.MiniLm.Name;

        public int Width => BertConfig.MiniLm.Width;

        public int Vocabulary => BertConfig.MiniLm.Vocabulary;

        public int Length => LongestText;

        public bool TellsPositions => BertConfig.MiniLm.TellsPositions;

        public double? Scale => BertConfig.MiniLm.Scale;

        public IEnumerable<ParameterShape> Parameters => BertConfig.MiniLm.Parameters;

        public long MultiplyAccumulates(int tokens) => BertConfig.MiniLm.MultiplyAccumulates(tokens);

        public ITextEncoder Create(Device device) => MiniLm.Load(device);
    }

    private sealed record PackagedResNet18(ResNet18Config Config) : IImageEncoderKind
    {
        public string Name => Config.Name;

        public int Width => Config.Width;

        public int Side => Config.Side;

        public int Tokens => Config.Tokens;

        public bool TellsPositions => Config.TellsPositions;

        public double? Scale => Config.Scale;

        public IEnumerable<ParameterShape> Parameters => Config.Parameters;

        public long MultiplyAccumulates => Config.MultiplyAccumulates;

        public IImageEncoder Create(Device device) => ResNet18Weights.Load(Config, device);
    }
}
