using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Encoders;

/// <summary>What frozen encoders gave, by their weights and their input: kept in memory and, in a file for each encoder, on disk.</summary>
/// <remarks>
/// <para>
/// What a row gets never depends on the others (<see cref="RowGroups"/>), so that a run that was interrupted has the bits of one that was not. At
/// the limit nothing is let go of that was asked for, and nothing more is kept: epochs come back to the same rows in turn, and
/// what was used longest ago is what is wanted next. What a file has of earlier runs alone makes way.
/// </para>
/// <para>
/// A file is a head of 16 bytes and records of 16 bytes of the input's SHA-256, rows and columns (Int32 each), 8 bytes of the SHA-256 of all
/// else in the record, and numbers (Float32), all little-endian. One process writes to it, which holds its lock file; others read what was
/// there when they opened it. What was cut off at its end, or is not as it was written, is computed and written anew.
/// </para>
/// </remarks>
/// <param name="folder">Where files are; null for memory alone.</param>
/// <param name="mostBytes">What memory, and each file, may hold.</param>
public sealed class FeatureCache(string? folder, long mostBytes) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FeatureFile?> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Encoder, UInt128 Input), Kept> _kept = [];
    private long _bytes;

    /// <summary>Rows that were computed, since they were not there.</summary>
    public long Encoded { get; private set; }

    /// <summary>Whether memory held no more once: what is encoded ahead may then be encoded again.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What an encoder with these weights is called in a cache: its name and the SHA-256 of its parameters.</summary>
    public static string KeyOf(string name, nn.Module encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (own, tensor) in encoder.state_dict().OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(own));
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }

        return $"{name}-{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8))}";
    }

    /// <summary>What an encoder gives for each of some inputs: [rows, tokens, width], where shorter ones end in zeros.</summary>
    /// <param name="encoder">The encoder's key.</param>
    /// <param name="inputs">The inputs, each a row for itself.</param>
    /// <param name="tokens">Tokens of the result.</param>
    /// <param name="encode">From the inputs that are not there to [1, tokens that it has, width] for each.</param>
    internal Tensor Rows(string encoder, IReadOnlyList<Tensor> inputs, long tokens, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> encode)
    {
        using var scope = NewDisposeScope();
        var keys = inputs.Select(static input => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(input.cpu().contiguous().bytes))).ToList();
        var found = Find(encoder, keys);
        var missing = Enumerable.Range(0, keys.Count).Where(row => !found.ContainsKey(keys[row])).DistinctBy(row => keys[row]).ToList();
        if (missing.Count > 0)
        {
            var encoded = encode([.. missing.Select(row => inputs[row])]).Select(KeptOf).ToList();
            Add(encoder, [.. missing.Select((row, i) => KeyValuePair.Create(keys[row], encoded[i]))], found);
        }

        var rows = keys.ConvertAll(key => found[key]);
        var result = zeros([inputs.Count, tokens, rows[0].Width]);
        var numbers = MemoryMarshal.Cast<byte, float>(result.bytes);
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Numbers.CopyTo(numbers[(int)(i * tokens * rows[0].Width)..]);
        }

        return result.to(inputs[0].device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file?.Dispose();
        }
    }

    // Those of the rows that are there, in memory or on disk.
    private Dictionary<UInt128, Kept> Find(string encoder, IEnumerable<UInt128> inputs)
    {
        var found = new Dictionary<UInt128, Kept>();
        lock (_lock)
        {
            foreach (var input in inputs)
            {
                if (_kept.TryGetValue((encoder, input), out var known))
                {
                    found[input] = known;
                }
                else if (!found.ContainsKey(input) && FileOf(encoder)?.Find(input) is { } read)
                {
                    Keep((encoder, input), read);
                    found.Add(input, read);
                }
            }
        }

        return found;
    }

    private void Add(string encoder, IReadOnlyList<KeyValuePair<UInt128, Kept>> encoded, Dictionary<UInt128, Kept> found)
    {
        lock (_lock)
        {
            Encoded += encoded.Count;
            foreach (var (input, row) in encoded)
            {
                found.Add(input, row);
                if (!_kept.ContainsKey((encoder, input))) // by another thread meanwhile
                {
                    Keep((encoder, input), row);
                    FileOf(encoder)?.Append(input, row, mostBytes);
                }
            }
        }
    }

    // [1, tokens, width].
    private static Kept KeptOf(Tensor encoded)
    {
        var numbers = encoded.cpu().contiguous();
        return new Kept((int)numbers.size(1), (int)numbers.size(2), MemoryMarshal.Cast<byte, float>(numbers.bytes).ToArray());
    }

    private void Keep((string Encoder, UInt128 Input) key, Kept row)
    {
        if (_bytes + row.Bytes <= mostBytes)
        {
            _bytes += row.Bytes;
            _kept.Add(key, row);
        }
        else
        {
            IsFull = true;
        }
    }

    private FeatureFile? FileOf(string encoder)
    {
        if (folder is null)
        {
            return null;
        }

        if (!_files.TryGetValue(encoder, out var file))
        {
            _files.Add(encoder, file = FeatureFile.Open(Path.Combine(folder, encoder + ".features")));
        }

        return file;
    }

    /// <summary>What an encoder gave for one input.</summary>
    internal sealed record Kept(int Tokens, int Width, float[] Numbers)
    {
        internal long Bytes => 4L * Numbers.Length;
    }
}
