using System.Text.Json;
using Microsoft.Playwright;

namespace DasSearch.Dashboard.Tests;

/// <summary>Debian's Chromium without a window: one page, and what it complained about.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowserContext? _context;

    /// <summary>The page that is open.</summary>
    internal IPage Page { get; private set; } = null!;

    /// <summary>Errors of scripts, and what the page was not allowed to do.</summary>
    internal List<string> Complaints { get; } = [];

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
    }

    /// <summary>Opens an address in a window of a width, and waits until something is true there.</summary>
    internal async Task OpenAsync(Uri address, int width, string until, ColorScheme colors = ColorScheme.Light)
    {
        await CloseAsync();
        _context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, IsMobile = width < 600, ColorScheme = colors });
        Page = await _context.NewPageAsync();
        Page.Console += (_, message) => Complaints.Add(message.Text);
        Page.PageError += (_, error) => Complaints.Add(error);
        await Page.GotoAsync(address.AbsoluteUri);
        await UntilAsync(until);
    }

    /// <summary>Forgets the page and its complaints: one that is left open complains of a server that is gone.</summary>
    internal async Task LeaveAsync()
    {
        await CloseAsync();
        Complaints.Clear();
    }

    /// <summary>Waits until something is true. Playwright's own way of waiting evaluates within the page, which the page's policy forbids.</summary>
    internal async Task UntilAsync(string condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await IsTrueAsync())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < _patience, $"{condition}: not within {_patience}, but {string.Join(", ", Complaints)}");
            await Task.Delay(50);
        }

        async Task<bool> IsTrueAsync()
        {
            try
            {
                return await Page.EvaluateAsync<bool>($"document.readyState === 'complete' && Boolean({condition})");
            }
            catch (PlaywrightException leaving) when (leaving.Message.Contains("navigation", StringComparison.Ordinal))
            {
                return false;
            }
        }
    }

    /// <summary>Where DAS_SCREENSHOTS names a folder, puts pictures of the whole page there, light and dark, for somebody to look at.</summary>
    internal async Task ShootAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("DAS_SCREENSHOTS") is not { } folder)
        {
            return;
        }

        foreach (var colors in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = colors });
            await Task.Delay(500);
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{Page.ViewportSize!.Width}-{colors}.png"), FullPage = true });
        }
    }

    /// <summary>What an expression of JavaScript comes to.</summary>
    internal async Task<JsonElement> EvaluateAsync(string expression) => await Page.EvaluateAsync(expression) ?? default;

    private async Task CloseAsync()
    {
        if (_context is not null)
        {
            await _context.CloseAsync();
            _context = null;
        }
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
