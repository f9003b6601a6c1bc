using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DasSearch.Reporter.Tests.Reports;

/// <summary>What a real browser makes of a page: Chromium, without a window.</summary>
internal static partial class Browser
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    // Of every drawing: texts that overlap, and texts that stick out; of the page: what makes it scroll sideways.
    private const string Probe = """
        <script>
        window.addEventListener('load', () => {
          const wrong = [];
          const boxes = element => [...element.querySelectorAll('text')].filter(text => text.textContent.trim())
            .map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }));
          document.querySelectorAll('svg').forEach((svg, i) => {
            const frame = svg.getBoundingClientRect(), texts = boxes(svg);
            texts.forEach((one, j) => {
              if (one.box.left < frame.left - 1 || one.box.right > frame.right + 1 || one.box.top < frame.top - 1 || one.box.bottom > frame.bottom + 1)
                wrong.push(`figure ${i}: '${one.text}' is cut`);
              texts.slice(j + 1).forEach(other => {
                const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
                const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
                if (across > 1 && down > 2.5) wrong.push(`figure ${i}: '${one.text}' overlaps '${other.text}'`);
              });
            });
          });
          const root = document.documentElement;
          if (root.scrollWidth > root.clientWidth) wrong.push(`the page is ${root.scrollWidth} wide, the window ${root.clientWidth}`);
          const verdict = document.querySelector('.verdict').getBoundingClientRect();
          document.body.innerHTML = '';
          document.body.textContent = 'RESULT' + JSON.stringify({ wrong, verdictEnds: verdict.bottom, width: root.clientWidth }) + 'END';
        });
        </script>
        """;

    /// <summary>Lays a page out in a window of a width and looks for what overlaps, is cut, or does not fit.</summary>
    internal static async Task<Layout> LayOutAsync(string page, int width, int height)
    {
        var probed = Path.ChangeExtension(page, $".{width}.probe.html");
        await File.WriteAllTextAsync(probed, (await File.ReadAllTextAsync(page)).Replace("</body>", Probe + "</body>", StringComparison.Ordinal));
        try
        {
            var dom = await DumpAsync(probed, width, height);
            var found = Result().Match(dom);
            Assert.True(found.Success, $"the browser printed no result: {dom}");
            return JsonSerializer.Deserialize<Layout>(WebUtility.HtmlDecode(found.Groups[1].Value), JsonSerializerOptions.Web)!;
        }
        finally
        {
            File.Delete(probed);
        }
    }

    private static async Task<string> DumpAsync(string page, int width, int height)
    {
        var profile = Directory.CreateTempSubdirectory("das-browser-");
        try
        {
            var start = new ProcessStartInfo("chromium")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                ArgumentList =
                {
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={profile.FullName}",
                    $"--window-size={width},{height}", "--dump-dom", new Uri(page).AbsoluteUri,
                },
            };
            using var process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(_patience);
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            _ = process.StandardError.ReadToEndAsync(patience.Token);
            try
            {
                await process.WaitForExitAsync(patience.Token);
                return await output;
            }
            finally
            {
                process.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    [GeneratedRegex("RESULT(.*)END", RegexOptions.Singleline)]
    private static partial Regex Result();

    /// <summary>What came of it.</summary>
    /// <param name="Wrong">What overlaps, is cut, or does not fit.</param>
    /// <param name="VerdictEnds">Where the first verdict ends, in pixels from the top.</param>
    /// <param name="Width">The window's width, in pixels.</param>
    internal sealed record Layout(IReadOnlyList<string> Wrong, double VerdictEnds, int Width);
}
