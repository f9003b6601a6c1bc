namespace DasSearch.Data.Text;

/// <summary>Latin letters without their accents, as Unicode decomposes them; letters such as ø, which it does not, stay.</summary>
/// <remarks>Written out, since .NET without culture data, as the tools are built, leaves every letter composed.</remarks>
internal static class Accents
{
    // From U+00C0 to U+024F, and from U+1E00 to U+1EFF.
    private const string Latin =
        "AAAAAAÆCEEEEIIIIÐNOOOOO×ØUUUUYÞßaaaaaaæceeeeiiiiðnooooo÷øuuuuyþyAaAaAaCcCcCcCcDdĐđEeEeEeEeEeGgGgGgGgHhĦħIiIiIiIi"
        + "IıĲĳJjKkĸLlLlLlĿŀŁłNnNnNnŉŊŋOoOoOoŒœRrRrRrSsSsSsSsTtTtŦŧUuUuUuUuUuUuWwYyYZzZzZzſƀƁƂƃƄƅƆƇƈƉƊƋƌƍƎƏƐƑƒƓƔƕƖƗƘƙƚƛƜƝƞƟ"
        + "OoƢƣƤƥƦƧƨƩƪƫƬƭƮUuƱƲƳƴƵƶƷƸƹƺƻƼƽƾƿǀǁǂǃǄǅǆǇǈǉǊǋǌAaIiOoUuUuUuUuUuǝAaAaÆæǤǥGgKkOoOoƷʒjǱǲǳGgǶǷNnAaÆæØøAaAaEeEeIiIiOoOo"
        + "RrRrUuUuSsTtȜȝHhȠȡȢȣȤȥAaEeOoOoOoOoYyȴȵȶȷȸȹȺȻȼȽȾȿɀɁɂɃɄɅɆɇɈɉɊɋɌɍɎɏ";

    private const string Additional =
        "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTt"
        + "TtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwyẚſẜẝẞẟAaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOo"
        + "OoOoUuUuUuUuUuUuUuYyYyYyYyỺỻỼỽỾỿ";

    /// <summary>The text with base letters in place of accented ones; itself where there are none.</summary>
    internal static ReadOnlySpan<char> Removed(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\u00C0', '\u1EFF'))
        {
            return text;
        }

        var plain = text.ToArray();
        foreach (ref var letter in plain.AsSpan())
        {
            letter = letter switch
            {
                >= '\u00C0' and <= '\u024F' => Latin[letter - '\u00C0'],
                >= '\u1E00' and <= '\u1EFF' => Additional[letter - '\u1E00'],
                _ => letter,
            };
        }

        return plain;
    }
}
