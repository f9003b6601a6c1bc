using System.Text;
using DasSearch.Formats;

namespace DasSearch.Cli.Tests;

/// <summary>What is published of ViLT's checkpoints, held against a made-up one.</summary>
public sealed class ProfileCheckTests : IDisposable
{
    private const int Words = 30_522;
    private const int Width = 64;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-check-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Check_OfAMadeUpCheckpoint_SaysWhatDiffers()
    {
        var (checkpoint, pixels) = (Write(), Pixels());
        var das = await Das.RunAsync(["profile", "vilt", "--checkpoint", checkpoint, "--check", pixels]);

        Assert.Equal(ExitCode.Failed, das.Code);
        Assert.Contains("-15.9495", das.Output, StringComparison.Ordinal);
        Assert.Equal(3, das.Output.Split("differs").Length - 1);
        Assert.Equal($"das: {checkpoint} differs from what is published in 3 of 3 values\n", das.Error);
    }

    [Theory]
    [InlineData("vilt")]
    [InlineData("meter", "--checkpoint", "any.safetensors")]
    public async Task Check_OfNothingThatIsPublished_IsBadUsage(params string[] arguments)
    {
        var das = await Das.RunAsync(["profile", .. arguments, "--check", "pixels.npy"]);
        Assert.Equal((ExitCode.BadUsage, "das: values are published of vilt: das profile vilt --checkpoint FILE --check PIXELS"), (das.Code, das.Error.Split('\n')[0]));
    }

    // A ViLT of one block under Hugging Face's names, with VQA's head: all its weights are 0 but norms'.
    private string Write()
    {
        var path = Path.Combine(_folder.FullName, "made-up.safetensors");
        var layer = "vilt.encoder.layer.0.";
        (string Name, long[] Shape)[] tensors =
        [
            ("vilt.embeddings.text_embeddings.word_embeddings.weight", [Words, Width]), ("vilt.embeddings.text_embeddings.position_embeddings.weight", [40, Width]),
            ("vilt.embeddings.text_embeddings.token_type_embeddings.weight", [2, Width]), .. Norm("vilt.embeddings.text_embeddings.LayerNorm"),
            ("vilt.embeddings.cls_token", [1, 1, Width]), ("vilt.embeddings.position_embeddings", [1, 5, Width]),
            .. Linear("vilt.embeddings.patch_embeddings.projection", Width, 3, 32, 32), ("vilt.embeddings.token_type_embeddings.weight", [2, Width]),
            .. Norm(layer + "layernorm_before"), .. Norm(layer + "layernorm_after"),
            .. new[] { "query", "key", "value" }.SelectMany(part => Linear(layer + "attention.attention." + part, Width, Width)),
            .. Linear(layer + "attention.output.dense", Width, Width), .. Linear(layer + "intermediate.dense", 4 * Width, Width),
            .. Linear(layer + "output.dense", Width, 4 * Width), .. Norm("vilt.layernorm"), .. Linear("vilt.pooler.dense", Width, Width),
            .. Linear("classifier.0", 2 * Width, Width), .. Linear("classifier.1", 2 * Width), .. Linear("classifier.3", 3129, 2 * Width),
        ];
        SafetensorsFile.Write(path, tensors.Select(static tensor => WeightTensor.Of(tensor.Name, tensor.Shape, new float[tensor.Shape.Aggregate(1L, static (count, size) => count * size)])));
        return path;

        static IEnumerable<(string, long[])> Linear(string name, params long[] shape) => [(name + ".weight", shape), (name + ".bias", [shape[0]])];
        static IEnumerable<(string, long[])> Norm(string name) => Linear(name, Width);
    }

    private string Pixels()
    {
        var path = Path.Combine(_folder.FullName, "pixels.npy");
        var header = Encoding.ASCII.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 64, 64), }".PadRight(117) + "\n");
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. new byte[4 * 3 * 64 * 64]]);
        return path;
    }
}
