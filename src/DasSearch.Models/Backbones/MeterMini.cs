using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones.Encoders;
using TorchSharp;
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

    private const string ImageOrigin = "an ImageNet ResNet-18 (Microsoft; MIT)";

    // Anyone's would do, as long as it is the same whenever the network is built: its weights are in no file.
    private const ulong FreshSeed = 0;

    /// <summary>The encoders as others trained them, or with a MiniLM of random weights, always the same, to tell what its training is worth.</summary>
    internal static EncoderPair EncodersOf(StartingWeights text) => text == StartingWeights.Fresh ? _fresh : _trained;

    private static readonly EncoderPair _trained = new(new PackagedMiniLm(), new PackagedResNet18(_image))
    {
        Origin = "frozen encoders that others trained and that are not in this file: all-MiniLM-L6-v2 (Sentence Transformers, "
            + $"from Microsoft's MiniLM; Apache-2.0) and {ImageOrigin}",
    };

    private static readonly EncoderPair _fresh = new(new FreshMiniLm(), new PackagedResNet18(_image))
    {
        Origin = $"frozen encoders that are not in this file: a MiniLM of random weights, which nobody trained, and {ImageOrigin}, which others did",
    };

    /// <summary>What its images are to be like.</summary>
    public static ImageStyle Style { get; } = new(_image.Side, ResNet18Config.Mean, ResNet18Config.Deviation);

    /// <summary>A METER-mini as the experiments have it: a question of 24 tokens.</summary>
    internal static BackboneDescription DescribeProfiled() => MeterCosts.Describe(
        new MeterConfig { Encoders = _trained, Width = 128, Heads = 4 }, new InputShape(BertConfig.MiniLm.Vocabulary, 24, _image.Side, _image.Side));

    private record PackagedMiniLm : ITextEncoderKind
    {
        public virtual string Name => BertConfig.MiniLm.Name;

        public int Width => BertConfig.MiniLm.Width;

        public int Vocabulary => BertConfig.MiniLm.Vocabulary;

        public int Length => LongestText;

        public bool TellsPositions => BertConfig.MiniLm.TellsPositions;

        public virtual double? Scale => BertConfig.MiniLm.Scale;

        public IEnumerable<ParameterShape> Parameters => BertConfig.MiniLm.Parameters;

        public long MultiplyAccumulates(int tokens) => BertConfig.MiniLm.MultiplyAccumulates(tokens);

        public virtual ITextEncoder Create(Device device) => MiniLm.Load(device);
    }

    private sealed record FreshMiniLm : PackagedMiniLm
    {
        public override string Name => "fresh-minilm";

        public override double? Scale => 1; // as its last norm leaves it

        // The same on every device, which have generators of their own.
        public override ITextEncoder Create(Device device)
        {
            var encoder = new BertEncoder(BertConfig.MiniLm, CPU);
            using var generator = new Generator(FreshSeed, CPU);
            Bert.Initialise(encoder, generator);
            encoder.to(device);
            return encoder;
        }
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
