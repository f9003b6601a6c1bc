using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DasSearch.Dashboard.Tests;

/// <summary>Chromium without a window, told what to do by its DevTools protocol: one page, and what it complained about.</summary>
public sealed partial class Browser : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("das-browser-");
    private readonly CancellationTokenSource _limit = new(10 * _patience);
    private readonly ClientWebSocket _socket = new();
    private Process? _process;
    private string? _session;
    private int _number;

    /// <summary>Errors of scripts, and what the page was not allowed to do.</summary>
    internal List<string> Complaints { get; } = [];

    public async Task InitializeAsync()
    {
        var start = new ProcessStartInfo("chromium")
        {
            RedirectStandardError = true,
            ArgumentList =
            {
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", $"--user-data-dir={_profile.FullName}", "about:blank",
            },
        };
        _process = Process.Start(start)!;
        string? line;
        do
        {
            line = await _process.StandardError.ReadLineAsync(_limit.Token) ?? throw new InvalidOperationException("Chromium ended at once.");
        }
        while (!Listening().IsMatch(line));
        _ = _process.StandardError.ReadToEndAsync(_limit.Token);
        await _socket.ConnectAsync(new Uri(Listening().Match(line).Value), _limit.Token);
        var target = (await SendAsync("Target.createTarget", new { url = "about:blank" })).GetProperty("targetId").GetString();
        _session = (await SendAsync("Target.attachToTarget", new { targetId = target, flatten = true })).GetProperty("sessionId").GetString();
        foreach (var domain in new[] { "Page", "Runtime", "Log" })
        {
            await SendAsync(domain + ".enable", new { });
        }
    }

    /// <summary>Opens an address in a window of a width, and waits until something is true there.</summary>
    internal async Task OpenAsync(Uri address, int width, string until)
    {
        await SendAsync("Emulation.setDeviceMetricsOverride", new { width, height = 900, deviceScaleFactor = 1, mobile = width < 600 });
        await SendAsync("Page.navigate", new { url = address.AbsoluteUri });
        await UntilAsync(until);
    }

    /// <summary>Waits until something is true.</summary>
    internal async Task UntilAsync(string condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!(await EvaluateAsync($"location.href !== 'about:blank' && document.readyState === 'complete' && Boolean({condition})")).GetBoolean())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < _patience, $"{condition}: not within {_patience}, but {string.Join(", ", Complaints)}");
            await Task.Delay(50, _limit.Token);
        }
    }

    /// <summary>What an expression of JavaScript comes to.</summary>
    internal async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await SendAsync("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _process?.Dispose();
        _socket.Dispose();
        _limit.Dispose();
        _profile.Delete(recursive: true);
    }

    private async Task<JsonElement> SendAsync(string method, object parameters)
    {
        var number = ++_number;
        object message = _session is null ? new { id = number, method, @params = parameters } : new { id = number, method, @params = parameters, sessionId = _session };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, _limit.Token);
        while (true)
        {
            var told = await ReceiveAsync();
            if (told.TryGetProperty("id", out var id) && id.GetInt32() == number)
            {
                return told.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(told.GetRawText());
            }

            if (told.TryGetProperty("method", out var name) && name.GetString() is "Runtime.exceptionThrown" or "Runtime.consoleAPICalled" or "Log.entryAdded")
            {
                Complaints.Add(told.GetProperty("params").GetRawText());
            }
        }
    }

    private async Task<JsonElement> ReceiveAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, _limit.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonDocument.Parse(message.ToArray()).RootElement;
    }

    [GeneratedRegex(@"ws://\S+")]
    private static partial Regex Listening();
}
