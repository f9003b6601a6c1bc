namespace OxyPlot.Svg;

/// <content>Sets texts.</content>
internal sealed partial class SvgCanvas
{
    /// <summary>Sets a text, one or more lines, so that the named part of it is at its place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="style">How it is set.</param>
    /// <param name="at">Its place.</param>
    /// <param name="horizontal">Which part of each line is there.</param>
    /// <param name="vertical">Which part of the lines together is there.</param>
    /// <param name="angle">By how much it is turned about its place, in degrees, clockwise.</param>
    public void Text(
        string text, TextStyle style, ScreenPoint at, HorizontalAlignment horizontal, VerticalAlignment vertical, double angle = 0)
    {
        if (!style.Color.IsVisible())
        {
            return;
        }

        var lines = text.Split('\n');
        var height = style.Size * FontMetrics.LineHeight;
        var top = at.Y - (lines.Length * height * ((int)vertical + 1) / 2);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(lines[i]))
            {
                var y = top + (i * height) + (style.Size * FontMetrics.Baseline);
                Line(lines[i], style, new ScreenPoint(at.X, y), horizontal, angle, at);
            }
        }
    }

    private void Line(string line, TextStyle style, ScreenPoint at, HorizontalAlignment horizontal, double angle, ScreenPoint pivot)
    {
        _svg.Open("text").Attribute("x", at.X).Attribute("y", at.Y).Attribute("font-size", style.Size);
        if (style.Font != font)
        {
            _svg.Attribute("font-family", style.Font);
        }

        if (style.Weight != FontWeights.Normal)
        {
            _svg.Attribute("font-weight", style.Weight);
        }

        if (horizontal != HorizontalAlignment.Left)
        {
            _svg.Attribute("text-anchor", horizontal == HorizontalAlignment.Center ? "middle" : "end");
        }

        if (angle != 0)
        {
            _svg.Attribute("transform", $"rotate({SvgWriter.Number(angle)} {SvgWriter.Number(pivot.X)} {SvgWriter.Number(pivot.Y)})");
        }

        Fill(style.Color);
        _svg.Content(line).Close();
    }
}
