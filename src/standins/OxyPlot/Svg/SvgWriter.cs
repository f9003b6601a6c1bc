using System.Globalization;
using System.Text;
using System.Xml;

namespace OxyPlot.Svg;

/// <summary>Writes elements one a line, and nothing that XML forbids.</summary>
internal sealed class SvgWriter
{
    // Farther out nothing is seen, and a line's slope within the picture changes by less than can be drawn.
    private const double Farthest = 1e6;

    private readonly StringBuilder _text = new();
    private readonly Stack<(string Name, int Start)> _open = new();
    private bool _inTag;
    private bool _hasText;

    /// <summary>A number with at most two decimals, whatever the culture. NaN, which no caller should send, is 0.</summary>
    public static string Number(double value)
    {
        var shown = double.IsNaN(value) ? 0 : Math.Round(Math.Clamp(value, -Farthest, Farthest), 2);
        return (shown == 0 ? 0 : shown).ToString("0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>Begins an element within the innermost open one.</summary>
    public SvgWriter Open(string name)
    {
        EndTag();
        _open.Push((name, _text.Length));
        _text.Append(_text.Length > 0 ? "\n<" : "<").Append(name);
        _inTag = true;
        return this;
    }

    /// <summary>Adds an attribute to the element begun last.</summary>
    public SvgWriter Attribute(string name, string value) => Verbatim(name, Escape(value));

    /// <summary>Adds an attribute to the element begun last.</summary>
    public SvgWriter Attribute(string name, double value) => Verbatim(name, Number(value));

    /// <summary>Adds an attribute whose value is known to need no escaping.</summary>
    public SvgWriter Verbatim(string name, string value)
    {
        _text.Append(' ').Append(name).Append("=\"").Append(value).Append('"');
        return this;
    }

    /// <summary>Writes text into the innermost open element.</summary>
    public SvgWriter Content(string text)
    {
        EndTag();
        _text.Append(Escape(text));
        _hasText = true;
        return this;
    }

    /// <summary>Ends the innermost open element; a group without elements is not written after all.</summary>
    public SvgWriter Close()
    {
        var (name, start) = _open.Pop();
        if (_inTag && name == "g")
        {
            _text.Length = start;
        }
        else if (_inTag)
        {
            _text.Append("/>");
        }
        else
        {
            _text.Append(_hasText ? "</" : "\n</").Append(name).Append('>');
        }

        _inTag = false;
        _hasText = false;
        return this;
    }

    /// <summary>Takes over what another writer wrote, within the innermost open element.</summary>
    public SvgWriter Raw(string elements)
    {
        EndTag();
        _text.Append('\n').Append(elements);
        return this;
    }

    public override string ToString() => _text.ToString();

    private void EndTag()
    {
        if (_inTag)
        {
            _text.Append('>');
            _inTag = false;
        }
    }

    /// <summary>The text with markup escaped, and without the characters that no XML document may contain.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                escaped.Append(text[i]).Append(text[++i]);
            }
            else if (XmlConvert.IsXmlChar(text[i]))
            {
                escaped.Append(Escape(text[i]));
            }
        }

        return escaped.ToString();
    }

    private static string Escape(char c) => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        _ => c.ToString(),
    };
}
