using DasSearch.Data.Text;
using DasSearch.Formats;
using DasSearch.Models.Backbones.Encoders;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace DasSearch.Models.Tests.Encoders;

public sealed class MiniLmTests : IDisposable
{
    private const int Length = 16;

    private static readonly string[] _sentences = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."];

    private readonly ITextEncoder _encoder = MiniLm.Load(CPU);

    public void Dispose() => _encoder.Network.Dispose();

    // What Sentence Transformers' own documentation prints for these sentences and this model.
    [Fact]
    public void Encode_MeansOfTheDocumentedSentences_AreAsNearAsItSays()
    {
        using var scope = NewDisposeScope();
        var (ids, mask) = Encoded(_sentences);
        var counted = mask.unsqueeze(-1).to(ScalarType.Float32);
        var means = nn.functional.normalize((_encoder.Encode(ids, mask) * counted).sum([1L]), dim: 1);
        var cosines = means.matmul(means.t());
        float[] expected = [1, 0.6660f, 0.1046f, 0.6660f, 1, 0.1411f, 0.1046f, 0.1411f, 1];
        Assert.All(cosines.data<float>().ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 4));
    }

    [Fact]
    public void Encode_AgreesWithOnnxRuntime()
    {
        using var scope = NewDisposeScope();
        var (ids, mask) = Encoded([.. _sentences, "A much longer sentence, of words such as antidisestablishmentarianism."]);
        var model = EmbeddedResource.Find(PackagedWeights.PathOf(PackagedWeights.MiniLm), ".model.onnx").ToArray();
        using var session = new InferenceSession(model);
        using var results = session.Run(
        [
            Input("input_ids", ids), Input("attention_mask", mask), Input("token_type_ids", zeros_like(ids)),
        ]);
        var expected = tensor(results.Single(static result => result.Name == "last_hidden_state").AsTensor<float>().ToArray()).reshape(ids.size(0), Length, _encoder.Width);
        var there = mask.unsqueeze(-1);
        Assert.True((_encoder.Encode(ids, mask) - expected).masked_fill(there.logical_not(), 0).abs().max().item<float>() < 1e-4);
    }

    private static NamedOnnxValue Input(string name, Tensor tensor) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(tensor.to(ScalarType.Int64).data<long>().ToArray(), [(int)tensor.size(0), (int)tensor.size(1)]));

    private static (Tensor Ids, Tensor Mask) Encoded(IReadOnlyList<string> texts)
    {
        var tokenizer = TokenizerTable.Named("minilm")!;
        var rows = texts.Select(text =>
        {
            var ids = new long[Length];
            tokenizer.Encode(text, ids, cut: true);
            return tensor(ids);
        });
        var all = stack(rows);
        return (all, all.ne(tokenizer.Padding));
    }
}
