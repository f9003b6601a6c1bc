using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Encoders;

/// <summary>A frozen encoder of images: it is never trained and never skipped, and what it gives depends on its input alone.</summary>
public interface IImageEncoder
{
    /// <summary>Width of a token's vector.</summary>
    int Width { get; }

    /// <summary>Its parameters, under the official checkpoints' names.</summary>
    nn.Module Network { get; }

    /// <summary>[batch, 3, side, side] to [batch, tokens, width].</summary>
    Tensor Encode(Tensor images);
}

/// <summary>An image encoder before it is built.</summary>
public interface IImageEncoderKind
{
    /// <summary>What checkpoints' metadata call it.</summary>
    string Name { get; }

    /// <summary>Width of a token's vector.</summary>
    int Width { get; }

    /// <summary>Height and width of an image that it reads, in pixels.</summary>
    int Side { get; }

    /// <summary>Tokens of an image.</summary>
    int Tokens { get; }

    /// <summary>Whether a token tells where in the image it is.</summary>
    bool TellsPositions { get; }

    /// <summary>Root mean square of the numbers that it gives, where its weights are known; null where they come from checkpoints, and METER's transforms with them.</summary>
    double? Scale { get; }

    /// <summary>Its parameters by name.</summary>
    IEnumerable<ParameterShape> Parameters { get; }

    /// <summary>Multiply-accumulates of an image.</summary>
    long MultiplyAccumulates { get; }

    /// <summary>Builds it, with fresh weights.</summary>
    IImageEncoder Create(Device device);
}
