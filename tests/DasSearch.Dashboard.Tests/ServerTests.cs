using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DasSearch.Core;

namespace DasSearch.Dashboard.Tests;

/// <summary>Who is let in, and what pages may do.</summary>
public sealed class ServerTests
{
    private const string Token = "sixteen letters and more";

    private static readonly string[] _noPages =
    [
        "/runs/abc", "/runs/0", "/runs/-1", "/api/runs/1%2f..%2f..", "/api/runs/..%2f..%2fetc%2fpasswd", "/api/runs/99999999999999999999", "/api/runs/1;drop", "/site/", "/site/..%2fapp.js",
        "/site/%2e%2e/%2e%2e/etc/passwd", "/site/pages", "/Site/app.js.map", "//etc/passwd",
    ];

    [Fact]
    public async Task Pages_ComeWithAStrictPolicy_AndNothingFromElsewhere()
    {
        await using var visit = await Visit.StartAsync();
        using var page = await visit.Client.GetAsync(new Uri("/runs/1", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        foreach (var (name, bytes) in new SiteFiles().All.Where(static file => !file.Key.StartsWith("echarts/", StringComparison.Ordinal)))
        {
            var text = Encoding.UTF8.GetString(bytes).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal)
                .Replace("https?:", "", StringComparison.Ordinal);
            Assert.False(text.Contains("//www", StringComparison.Ordinal) || text.Contains("http", StringComparison.Ordinal), $"{name} names an address");
            Assert.False(text.Contains("innerHTML", StringComparison.Ordinal) || text.Contains("insertAdjacent", StringComparison.Ordinal), $"{name} parses markup");
        }
    }

    [Fact]
    public void Echarts_IsTheFileThatNpmHas()
    {
        using var source = JsonDocument.Parse(typeof(SiteFiles).Assembly.GetManifestResourceStream("Site/echarts/source.json")!);
        var file = new SiteFiles().All.Single(static file => file.Key == "echarts/echarts.esm.min.js").Value;

        Assert.Equal(source.RootElement.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(file)));
        Assert.Contains($"\"{source.RootElement.GetProperty("version").GetString()}\"", Encoding.UTF8.GetString(file), StringComparison.Ordinal);
        using var licence = new StreamReader(typeof(SiteFiles).Assembly.GetManifestResourceStream("Site/echarts/LICENSE")!);
        Assert.Contains("Apache License", licence.ReadToEnd(), StringComparison.Ordinal);
        Assert.InRange(new SiteFiles().All.Sum(static its => its.Value.Length), 1, 1_500_000);
    }

    [Fact]
    public async Task Files_ArePackedAndKept()
    {
        await using var visit = await Visit.StartAsync();
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/site/echarts/echarts.esm.min.js");
        asked.Headers.Add("Accept-Encoding", "gzip");
        using var packed = await visit.Client.SendAsync(asked);
        Assert.Equal("gzip", packed.Content.Headers.ContentEncoding.Single());
        Assert.InRange(packed.Content.Headers.ContentLength!.Value, 1, 400_000);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/site/echarts/echarts.esm.min.js");
        again.Headers.IfNoneMatch.Add(packed.Headers.ETag!);
        using var kept = await visit.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, kept.StatusCode);
    }

    [Fact]
    public async Task Addresses_ThatAreNone_AreNotFound()
    {
        await using var visit = await Visit.StartAsync();
        foreach (var path in _noPages)
        {
            // As it is: dots and slashes are not resolved before they are sent.
            var address = new Uri(visit.Client.BaseAddress + path[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var answer = await visit.Client.GetAsync(address);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{path} is answered with {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("/api/runs/1/export.zip?skip=0&to=csv", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("/api/stored", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("/api/runs", "same-origin", HttpStatusCode.OK)]
    [InlineData("/api/runs/1/plan.json?skip=0", "none", HttpStatusCode.OK)]
    [InlineData("/runs/1", "cross-site", HttpStatusCode.OK)]
    public async Task Answers_AreForOwnPages_AndPagesForAnyLink(string path, string site, HttpStatusCode expected)
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await visit.Client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Requests_ThatWouldChangeSomething_AreRefused()
    {
        await using var visit = await Visit.StartAsync();
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options })
        {
            using var request = new HttpRequestMessage(method, "/api/runs/1");
            request.Headers.Add("Origin", "http://elsewhere.example");
            using var answer = await visit.Client.SendAsync(request);
            Assert.Equal(method == HttpMethod.Post ? HttpStatusCode.Forbidden : HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Names_ThatOthersPointHere_AreNotAnswered()
    {
        await using var visit = await Visit.StartAsync();
        foreach (var (host, expected) in new[]
        {
            ("localhost", HttpStatusCode.OK), ("localhost:8080", HttpStatusCode.OK), ("[::1]", HttpStatusCode.OK), ("elsewhere.example", HttpStatusCode.MisdirectedRequest),
            ("localhost.elsewhere.example", HttpStatusCode.MisdirectedRequest),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/runs");
            request.Headers.Host = host;
            using var answer = await visit.Client.SendAsync(request);
            Assert.True(answer.StatusCode == expected, $"{host}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Token_IsAskedForOnce_AndNothingElseLetsIn()
    {
        await using var visit = await Visit.StartAsync(Token);
        Assert.Contains(Uri.EscapeDataString(Token), visit.Address.Query, StringComparison.Ordinal);
        foreach (var (path, cookie) in new[]
        {
            ("/", null), ("/api/runs", null), ("/?token=", null), ($"/?token={Token}x", null), ("/api/runs", $"das-dashboard={Token}"), ("/api/runs", "das-dashboard="),
        })
        {
            using var refused = await AskAsync(path, cookie);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.DoesNotContain("vqa-das4", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var first = await AskAsync($"/runs/1?q=a&token={Uri.EscapeDataString(Token)}", null);
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        Assert.Equal("/runs/1?q=a", first.Headers.Location!.OriginalString);
        var set = first.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", set, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, set, StringComparison.Ordinal);

        using var next = await AskAsync("/api/runs", set.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);

        async Task<HttpResponseMessage> AskAsync(string path, string? cookie)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Cookie", cookie is null ? [] : [cookie]);
            return await visit.Client.SendAsync(request);
        }
    }

    [Fact]
    public void Settings_AreCheckedAndMadeUp()
    {
        Assert.Null(new DashboardSettings("das.db", "127.0.0.1", 8080, null).Token);
        Assert.Null(new DashboardSettings("das.db", "::1", 8080, null).Token);
        var open = new DashboardSettings("das.db", "0.0.0.0", 8080, null);
        Assert.Matches("^[0-9a-f]{48}$", open.Token);
        Assert.NotEqual(open.Token, new DashboardSettings("das.db", "0.0.0.0", 8080, null).Token);
        Assert.Equal("--host must be an IP address of this machine or localhost, not 'elsewhere.example'", Problem("elsewhere.example", 8080, null));
        Assert.Equal("--port must be from 0 to 65535, not 65536", Problem("127.0.0.1", 65536, null));
        Assert.Equal("--token must have at least 16 characters, not 5", Problem("0.0.0.0", 8080, "short"));

        static string Problem(string host, int port, string? token) =>
            Assert.Throws<UsageException>(() => new DashboardSettings("das.db", host, port, token)).Message;
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsToldInASentence()
    {
        await using var visit = await Visit.StartAsync();
        var settings = new DashboardSettings(visit.Database, "127.0.0.1", visit.Address.Port, null);

        var problem = await Assert.ThrowsAsync<DasSearchException>(() => DashboardServer.StartAsync(settings, TimeProvider.System, CancellationToken.None));
        Assert.Equal($"port {visit.Address.Port} of 127.0.0.1 is taken: name another one with --port, or any that is free with --port 0", problem.Message);
    }
}
