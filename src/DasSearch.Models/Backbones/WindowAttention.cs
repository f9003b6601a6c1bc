using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>Multi-head self-attention within windows of a square of tokens, every other time shifted by half a window (Liu et al., arXiv:2103.14030, eq. 3 and 4).</summary>
/// <remarks>
/// To the scores comes a bias for each relative position and head. Where windows are shifted, they go on at the other end of the picture, and what was no
/// neighbour there gets −100, as in the authors' code. What is around Linears sees the tokens in the picture's order.
/// </remarks>
internal sealed class WindowAttention : BlockAttention
{
    /// <summary>The name of the biases, [relative positions, heads].</summary>
    internal const string Biases = "relative_position_bias_table";

    private const double Apart = -100;

    private readonly nn.Module<Tensor, Tensor> qkv, proj; // Linears, or two each of a low rank
    private readonly Parameter relative_position_bias_table;
    private readonly Dropout _dropout;
    private readonly long[] _relative; // [window² · window²], rows of the table
    private readonly float[]? _mask; // [windows · window² · window²]; null where windows are not shifted
    private readonly long _heads, _side, _window, _shift;
    private readonly string _qkv, _proj;

    /// <param name="side">Side of the square of tokens; a multiple of the window's.</param>
    /// <param name="isShifted">Whether windows are shifted, where there are several.</param>
    internal WindowAttention(PreNormSizes sizes, string place, int side, bool isShifted, Device device)
        : base(nameof(WindowAttention))
    {
        (_heads, _side, _window, _qkv, _proj) = (sizes.Heads, side, sizes.Window!.Value, place + ".qkv", place + ".proj");
        _shift = isShifted && _window < _side ? _window / 2 : 0;
        qkv = Layers.Linear(sizes.Width, 3 * sizes.Width, sizes.RankOf(_qkv), device);
        proj = Layers.Linear(sizes.Width, sizes.Width, sizes.RankOf(_proj), device);
        relative_position_bias_table = new Parameter(zeros(RelativePositions(_window), _heads, device: device));
        _dropout = new Dropout(sizes.Dropout);
        _relative = Relative();
        _mask = _shift > 0 ? Mask() : null;
        RegisterComponents();
    }

    /// <summary>How many places there are to be seen from another one within a window: (2 · side − 1)².</summary>
    internal static long RelativePositions(long window) => ((2 * window) - 1) * ((2 * window) - 1);

    internal override Tensor Attend(Tensor x, Tensor keyBias, long queries, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var (batch, width) = (x.size(0), x.size(2));
        var windows = Windows(attached.Project(_qkv, input => Layers.Apply(qkv, input), x)); // [batch · windows, window², 3 · width]
        var heads = windows.unflatten(2, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4).unbind(); // [batch · windows, heads, window², width / heads]
        var mixed = Layers.Plain(heads[0], heads[1], heads[2], Bias(batch, x.device));
        var joined = Whole(mixed.transpose(1, 2).flatten(2), batch);
        var output = attached.Project(_proj, input => Layers.Apply(proj, input), joined);
        return _dropout.call(Layers.To(output, x.dtype)).MoveToOuterDisposeScope();
    }

    // [1 or batch · windows, heads, window², window²].
    private Tensor Bias(long batch, Device device)
    {
        var n = _window * _window;
        var bias = relative_position_bias_table.index_select(0, tensor(_relative, device: device)).reshape(n, n, _heads).permute(2, 0, 1).unsqueeze(0);
        return _mask is null ? bias : (bias + tensor(_mask, device: device).reshape(-1, 1, n, n)).repeat(batch, 1, 1, 1);
    }

    // [batch, side², width] to [batch · windows, window², width].
    private Tensor Windows(Tensor x)
    {
        var picture = x.unflatten(1, _side, _side);
        var shifted = _shift > 0 ? picture.roll([-_shift, -_shift], [1, 2]) : picture;
        var count = _side / _window;
        return shifted.reshape(x.size(0), count, _window, count, _window, x.size(2)).transpose(2, 3).reshape(-1, _window * _window, x.size(2));
    }

    private Tensor Whole(Tensor windows, long batch)
    {
        var (count, width) = (_side / _window, windows.size(2));
        var picture = windows.reshape(batch, count, count, _window, _window, width).transpose(2, 3).reshape(batch, _side, _side, width);
        return (_shift > 0 ? picture.roll([_shift, _shift], [1, 2]) : picture).reshape(batch, _side * _side, width);
    }

    private long[] Relative()
    {
        var (n, rows) = (_window * _window, (2 * _window) - 1);
        var places = new long[n * n];
        for (var i = 0; i < places.Length; i++)
        {
            var (asking, asked) = (i / n, i % n);
            var down = (asking / _window) - (asked / _window) + _window - 1;
            var across = (asking % _window) - (asked % _window) + _window - 1;
            places[i] = (down * rows) + across;
        }

        return places;
    }

    // Of the shifted picture, the last rows and columns come from its other end.
    private float[] Mask()
    {
        var (n, count) = (_window * _window, _side / _window);
        var mask = new float[count * count * n * n];
        for (var i = 0L; i < mask.Length; i++)
        {
            var (window, asking, asked) = (i / (n * n), i / n % n, i % n);
            mask[i] = RegionOf(window, asking) == RegionOf(window, asked) ? 0 : (float)Apart;
        }

        return mask;

        long RegionOf(long window, long token) =>
            (3 * Region((window / count * _window) + (token / _window))) + Region((window % count * _window) + (token % _window));

        long Region(long place) => place < _side - _window ? 0 : place < _side - _shift ? 1 : 2;
    }
}
