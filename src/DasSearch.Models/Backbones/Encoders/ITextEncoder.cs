using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Encoders;

/// <summary>A frozen encoder of texts: it is never trained and never skipped, and what it gives depends on its input alone.</summary>
public interface ITextEncoder
{
    /// <summary>Width of a token's vector.</summary>
    int Width { get; }

    /// <summary>Its parameters, under the official checkpoints' names.</summary>
    nn.Module Network { get; }

    /// <summary>Token ids [batch, tokens], Int64, and where there are any [batch, tokens], Bool, to [batch, tokens, width].</summary>
    Tensor Encode(Tensor ids, Tensor mask);

    /// <summary>What the first of its layers reads of the same: [batch, tokens, width].</summary>
    Tensor Embed(Tensor ids, Tensor mask);
}

/// <summary>A text encoder before it is built.</summary>
public interface ITextEncoderKind
{
    /// <summary>What checkpoints' metadata call it.</summary>
    string Name { get; }

    /// <summary>Width of a token's vector.</summary>
    int Width { get; }

    /// <summary>Tokens that it knows.</summary>
    int Vocabulary { get; }

    /// <summary>The longest text that it reads, in tokens.</summary>
    int Length { get; }

    /// <summary>Whether a token's vector tells well where in the text it is.</summary>
    bool TellsPositions { get; }

    /// <summary>Root mean square of the numbers that it gives, where its weights are known; null where they come from checkpoints, and METER's transforms with them.</summary>
    double? Scale { get; }

    /// <summary>Its parameters by name.</summary>
    IEnumerable<ParameterShape> Parameters { get; }

    /// <summary>Multiply-accumulates of a text of so many tokens.</summary>
    long MultiplyAccumulates(int tokens);

    /// <summary>Builds it, with fresh weights.</summary>
    ITextEncoder Create(Device device);
}
