using System.Buffers.Binary;
using System.Globalization;

namespace DasSearch.Formats.Llama2c;

/// <summary>A model of llama2.c (github.com/karpathy/llama2.c) in its first format: seven sizes, then a LLaMA's weights as float32, without names.</summary>
/// <remarks>
/// Sizes: width, inner width, layers, heads, key and value heads, words (negative where words are scored by a matrix of their own), longest text; int32,
/// little-endian. Then for all layers together each kind of weight, and behind the last norm two tables of rotary frequencies, which are left aside. There
/// is no mark by which to know one: the sizes have to give the file's very length.
/// </remarks>
internal static class Llama2cFile
{
    internal const int HeaderBytes = 7 * sizeof(int);

    // What the format's own code adds to the mean of squares.
    private const string Eps = "1E-05";

    /// <summary>Whether a file is one.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="length">How many it has.</param>
    internal static bool Is(ReadOnlySpan<byte> head, long length) => Sizes.Of(head) is { } sizes && sizes.FileBytes == length;

    /// <summary>The weights under the names that LLaMA's authors give them.</summary>
    /// <exception cref="Core.DasSearchException">It is cut short.</exception>
    internal static WeightFile Read(ByteRange bytes)
    {
        var sizes = Sizes.Of(bytes.Slice(0, HeaderBytes).ToArray())!.Value;
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var at = (long)HeaderBytes;
        foreach (var kind in sizes.Kinds())
        {
            for (var i = 0; i < kind.Count; i++)
            {
                if (kind.Name is { } pattern)
                {
                    var (name, part) = (string.Format(CultureInfo.InvariantCulture, pattern, i), bytes.Slice(at, kind.Bytes));
                    tensors.Add(name, new WeightTensor(name, "F32", kind.Shape, bytes.Source, part.Open));
                }

                at += kind.Bytes;
            }
        }

        return new WeightFile(bytes.Source, tensors, new Dictionary<string, string>
        {
            ["heads"] = sizes.Heads.ToString(CultureInfo.InvariantCulture),
            ["eps"] = Eps,
            ["rotary"] = "adjacent",
            ["length"] = sizes.Length.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Tensors of one kind, one after the other.</summary>
    /// <param name="Name">Their names, {0} being the layer's number; null for what is left aside.</param>
    private readonly record struct Kind(string? Name, int Count, params IReadOnlyList<long> Shape)
    {
        internal long Bytes => Shape.Aggregate((long)sizeof(float), static (product, size) => product * size);
    }

    private readonly record struct Sizes(int Width, int Inner, int Layers, int Heads, int KeyValueHeads, int Words, bool IsTied, int Length)
    {
        private const int Most = 1 << 20; // so that no product of three is too large for 63 bits

        internal long FileBytes => HeaderBytes + Kinds().Sum(static kind => kind.Count * kind.Bytes);

        internal static Sizes? Of(ReadOnlySpan<byte> head)
        {
            if (head.Length < HeaderBytes)
            {
                return null;
            }

            Span<int> all = stackalloc int[7];
            for (var i = 0; i < all.Length; i++)
            {
                all[i] = BinaryPrimitives.ReadInt32LittleEndian(head[(i * sizeof(int))..]);
            }

            var isTied = all[5] > 0;
            all[5] = all[5] == int.MinValue ? 0 : Math.Abs(all[5]);
            foreach (var size in all)
            {
                if (size is < 1 or > Most)
                {
                    return null;
                }
            }

            return all[0] % all[3] == 0 && all[3] % all[4] == 0 && all[2] <= Most >> 8
                ? new Sizes(all[0], all[1], all[2], all[3], all[4], all[5], isTied, all[6])
                : null;
        }

        internal IEnumerable<Kind> Kinds()
        {
            long width = Width, inner = Inner, shared = width / Heads * KeyValueHeads, turned = Math.Max(width / Heads / 2, 1);
            yield return new Kind("tok_embeddings.weight", 1, Words, width);
            yield return new Kind("layers.{0}.attention_norm.weight", Layers, width);
            yield return new Kind("layers.{0}.attention.wq.weight", Layers, width, width);
            yield return new Kind("layers.{0}.attention.wk.weight", Layers, shared, width);
            yield return new Kind("layers.{0}.attention.wv.weight", Layers, shared, width);
            yield return new Kind("layers.{0}.attention.wo.weight", Layers, width, width);
            yield return new Kind("layers.{0}.ffn_norm.weight", Layers, width);
            yield return new Kind("layers.{0}.feed_forward.w1.weight", Layers, inner, width);
            yield return new Kind("layers.{0}.feed_forward.w2.weight", Layers, width, inner);
            yield return new Kind("layers.{0}.feed_forward.w3.weight", Layers, inner, width);
            yield return new Kind("norm.weight", 1, width);
            yield return new Kind(null, 2, Length, turned);
            if (!IsTied)
            {
                yield return new Kind("output.weight", 1, Words, width);
            }
        }
    }
}
