using System.Globalization;

namespace OxyPlot;

/// <summary>A colour of four channels of eight bits: alpha (255 is opaque), red, green and blue.</summary>
public readonly struct OxyColor
{
    // Two values that no visible colour has stand for "none" and "let the plot choose".
    private const uint UndefinedValue = 0x00000000;
    private const uint AutomaticValue = 0x00000001;

    private readonly uint _argb;

    private OxyColor(uint argb) => _argb = argb;

    /// <summary>Alpha, from 0 (invisible) to 255 (opaque).</summary>
    public byte A => (byte)(_argb >> 24);

    /// <summary>Red, from 0 to 255.</summary>
    public byte R => (byte)(_argb >> 16);

    /// <summary>Green, from 0 to 255.</summary>
    public byte G => (byte)(_argb >> 8);

    /// <summary>Blue, from 0 to 255.</summary>
    public byte B => (byte)_argb;

    /// <summary>A colour from its four channels.</summary>
    public static OxyColor FromArgb(byte a, byte r, byte g, byte b) =>
        new(((uint)a << 24) | ((uint)r << 16) | ((uint)g << 8) | b);

    /// <summary>An opaque colour.</summary>
    public static OxyColor FromRgb(byte r, byte g, byte b) => FromArgb(byte.MaxValue, r, g, b);

    /// <summary>A colour with another alpha.</summary>
    public static OxyColor FromAColor(byte a, OxyColor color) => FromArgb(a, color.R, color.G, color.B);

    /// <summary>A colour from 0xAARRGGBB.</summary>
    public static OxyColor FromUInt32(uint color) => new(color);

    /// <summary>The colour a fraction <paramref name="t"/> of the way, channel by channel, rounded down.</summary>
    public static OxyColor Interpolate(OxyColor color1, OxyColor color2, double t)
    {
        return FromArgb(
            Between(color1.A, color2.A),
            Between(color1.R, color2.R),
            Between(color1.G, color2.G),
            Between(color1.B, color2.B));

        byte Between(byte from, byte to) => (byte)((from * (1 - t)) + (to * t));
    }

    /// <summary>Reads <c>#rrggbb</c>, <c>#aarrggbb</c>, <c>r,g,b</c> or <c>a,r,g,b</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static OxyColor Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = value.Trim();
        if (text.StartsWith('#'))
        {
            var digits = text.Trim('#');
            var argb = uint.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return new OxyColor(digits.Length < 8 ? argb + 0xFF000000 : argb);
        }

        var channels = text.Split(',');
        if (channels.Length is < 3 or > 4)
        {
            throw new FormatException($"A colour is #rrggbb, #aarrggbb, r,g,b or a,r,g,b, not '{value}'.");
        }

        var alpha = channels.Length == 4 ? Channel(channels[0]) : byte.MaxValue;
        return FromArgb(alpha, Channel(channels[^3]), Channel(channels[^2]), Channel(channels[^1]));

        static byte Channel(string text) => byte.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether all channels agree.</summary>
    public static bool operator ==(OxyColor first, OxyColor second) => first.Equals(second);

    /// <summary>Whether some channel differs.</summary>
    public static bool operator !=(OxyColor first, OxyColor second) => !first.Equals(second);

    /// <summary>Whether this stands for "no colour".</summary>
    public bool IsUndefined() => _argb == UndefinedValue;

    /// <summary>Whether this stands for "let the plot choose".</summary>
    public bool IsAutomatic() => _argb == AutomaticValue;

    /// <summary>Whether nothing would be seen of it.</summary>
    public bool IsInvisible() => A == 0;

    /// <summary>Whether something would be seen of it.</summary>
    public bool IsVisible() => A > 0;

    /// <summary>This colour, or the given one where the plot is to choose.</summary>
    public OxyColor GetActualColor(OxyColor defaultColor) => IsAutomatic() ? defaultColor : this;

    /// <summary>Whether all channels agree.</summary>
    public bool Equals(OxyColor other) => _argb == other._argb;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is OxyColor other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _argb.GetHashCode();

    /// <summary>The colour as <c>#aarrggbb</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{_argb:x8}");
}
