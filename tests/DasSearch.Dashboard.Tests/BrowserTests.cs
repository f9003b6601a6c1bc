using Microsoft.Playwright;

namespace DasSearch.Dashboard.Tests;

/// <summary>Pages in a real browser, wide and narrow.</summary>
public sealed class BrowserTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => browser.LeaveAsync();

    [Fact]
    public async Task Pages_AreDrawnWithoutAComplaint_AndRunNothingThatNamesSay()
    {
        await using var visit = await Visit.StartAsync();
        foreach (var width in new[] { 1280, 390 })
        {
            await browser.OpenAsync(new Uri(visit.Address, "/?q=script"), width, "document.querySelectorAll('tbody tr').length === 1");
            Assert.Equal(Visit.HostileName, (await browser.EvaluateAsync("document.querySelector('tbody a').textContent")).GetString());
            Assert.True((await browser.EvaluateAsync(Fits)).GetBoolean());

            await browser.OpenAsync(new Uri(visit.Address, "/runs/2"), width, "document.querySelectorAll('figure canvas').length >= 8");
            Assert.Equal("Skip layers 4 and 5 of 6.", (await browser.EvaluateAsync("document.querySelector('.answer').textContent")).GetString());
            Assert.True((await browser.EvaluateAsync(Fits)).GetBoolean());
            await browser.EvaluateAsync("document.querySelectorAll('figure details').forEach(details => details.open = true)");
            await browser.UntilAsync("document.querySelectorAll('figure tbody tr').length > 6");
            Assert.True((await browser.EvaluateAsync(Fits)).GetBoolean());
            Assert.Equal(0, (await browser.EvaluateAsync("document.querySelectorAll('img, main script').length")).GetInt32());
            Assert.Equal($"{Visit.HostileName} · run 2 · DasSearch", (await browser.EvaluateAsync("document.title")).GetString());
        }

        Assert.Equal([], browser.Complaints);
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Pages_OfTheCommittedDatabase_AreAllDrawn(int width, ColorScheme colors)
    {
        await using var visit = await Visit.StartAsync(new FileInfo(Path.Combine(AppContext.BaseDirectory, "vqa-das4.db")));
        await visit.TrainAsync(1, ("4,5,8,9", "das", 0, 0.83), ("4,5,8,9", "das", 1, 0.85), ("4,5", "das", 0, 0.845), ("0,1,2,3", "das", 0, 0.61), ("-", "full", 0, 0.85));
        foreach (var (path, until) in new[]
        {
            ("/", "document.querySelectorAll('tbody tr').length >= 1"), ("/runs/1", "document.querySelectorAll('figure canvas').length >= 10"),
            ("/runs/1/what-if", "document.querySelectorAll('.strip button').length === 12 && document.querySelector('.cards')"),
            ("/runs/1/layers", "document.querySelector('figure canvas') && document.querySelectorAll('tbody tr').length === 100"),
            ("/front", "document.querySelectorAll('figure canvas').length === 2"), ("/jobs", "document.querySelector('h1')"),
        })
        {
            await browser.OpenAsync(new Uri(visit.Address, path), width, until, colors);
            Assert.True((await browser.EvaluateAsync(Fits)).GetBoolean(), path);
            await browser.ShootAsync($"page-{path.Trim('/').Replace('/', '-')}");
        }

        await browser.OpenAsync(new Uri(visit.Address, "/front"), width, "document.querySelectorAll('figure canvas').length === 2", colors);
        var captions = (await browser.EvaluateAsync("[...document.querySelectorAll('figcaption')].map(caption => caption.textContent).join('|')")).GetString()!;
        Assert.Contains("bars are standard deviations over the seeds", captions, StringComparison.Ordinal);
        Assert.Contains("Test accuracy of 3 sets of layers that were trained with das, against what the search expected of them. Kendall's τ is ", captions, StringComparison.Ordinal);
        Assert.Equal([], browser.Complaints);
    }

    [Fact]
    public async Task Runs_ThatArePicked_AreCompared_AndSetsAreFiltered()
    {
        await using var visit = await Visit.StartAsync();
        await browser.OpenAsync(visit.Address, 390, "document.querySelectorAll('tbody tr').length === 2");
        Assert.Equal("any", (await browser.EvaluateAsync("document.querySelector('#tag').selectedOptions[0].textContent")).GetString());
        await browser.EvaluateAsync("document.querySelectorAll('.sort')[0].focus(); document.activeElement.click()");
        Assert.Equal("run ↑", (await browser.EvaluateAsync("document.activeElement.textContent")).GetString());
        await browser.EvaluateAsync("document.querySelectorAll('tbody input')[1].focus()");
        visit.Add("a third", rounds: 1).Dispose();
        await browser.UntilAsync("document.querySelectorAll('tbody tr').length === 3");
        Assert.Equal($"Compare run 2 {Visit.HostileName}", (await browser.EvaluateAsync("document.activeElement.ariaLabel")).GetString());
        await browser.EvaluateAsync("[...document.querySelectorAll('tbody input')].slice(0, 2).forEach(box => box.click())");
        await browser.UntilAsync("performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/api/compare?runs=1,2'))"); // before it is asked for
        await browser.EvaluateAsync("[...document.querySelectorAll('a.button')].find(link => link.textContent === 'Compare 2 runs').click()");
        await browser.UntilAsync("location.search === '?runs=1,2' && document.querySelectorAll('figure').length >= 3 && document.querySelectorAll('.layers').length >= 2");
        Assert.True((await browser.EvaluateAsync(Fits)).GetBoolean());
        await browser.ShootAsync("page-compare");

        await browser.OpenAsync(new Uri(visit.Address, "/runs/1/layers?skips=0"), 390, "document.querySelectorAll('figure canvas').length === 1");
        Assert.StartsWith("2 of 5 sets", (await browser.EvaluateAsync("document.querySelector('main [role=status]').textContent")).GetString(), StringComparison.Ordinal);
        Assert.True((await browser.EvaluateAsync(Fits)).GetBoolean());
        await browser.OpenAsync(new Uri(visit.Address, "/front"), 390, "document.querySelector('h1')?.textContent === 'Accuracy against cost'");
        Assert.Equal([], browser.Complaints);
    }

    [Fact]
    public async Task Pages_SayThatTheDashboardIsGone_AndThatThereIsNoSuchPage()
    {
        var visit = await Visit.StartAsync(runs: 1);
        await browser.OpenAsync(new Uri(visit.Address, "/runs/vqa-das4"), 390, "document.querySelector('main').textContent.startsWith('There is no such page here')");
        await browser.OpenAsync(new Uri(visit.Address, "/jobs"), 390, "document.querySelector('h1')");
        Assert.False((await browser.EvaluateAsync("Boolean(document.querySelector('.lost:not([hidden])'))")).GetBoolean());
        await visit.DisposeAsync();
        await browser.UntilAsync("document.querySelector('.lost:not([hidden])')?.textContent.startsWith('The dashboard does not answer.')");
        Assert.True((await browser.EvaluateAsync(Fits)).GetBoolean());
        await browser.LeaveAsync(); // which complained of a server that is gone, and of a page that is none
    }

    [Fact]
    public async Task WhatIf_FollowsClicks_AndTheyCanBeUndone()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        await browser.OpenAsync(new Uri(visit.Address, "/runs/1/what-if"), 390, "document.querySelector('.answer')?.textContent === 'Skip 4,5'");
        await browser.EvaluateAsync("document.querySelectorAll('.strip button')[4].click()");
        await browser.UntilAsync("document.querySelector('.answer').textContent === 'Skip 5' && location.search === '?skip=5'");
        Assert.Equal("false", (await browser.EvaluateAsync("document.querySelectorAll('.strip button')[4].getAttribute('aria-pressed')")).GetString());
        await browser.EvaluateAsync("[...document.querySelectorAll('button')].find(button => button.textContent === 'Undo').click()");
        await browser.UntilAsync("document.querySelector('.answer').textContent === 'Skip 4,5'");
        Assert.True((await browser.EvaluateAsync(Fits)).GetBoolean());

        // Its plan is trained by a job, which can be stopped.
        await browser.EvaluateAsync("[...document.querySelectorAll('button')].find(button => button.textContent === 'Train it').click()");
        await browser.UntilAsync("location.pathname === '/jobs' && document.querySelector('.job .running')");
        await browser.EvaluateAsync("[...document.querySelectorAll('.job button')].find(button => button.textContent === 'Stop').click()");
        await browser.UntilAsync("document.querySelector('.job .interrupted')");
        await browser.EvaluateAsync("[...document.querySelectorAll('.job button')].find(button => button.textContent === 'Resume').click()");
        await browser.UntilAsync("document.querySelector('.job .running') && document.querySelector('.job .last').textContent.startsWith('called with train')");
        await browser.EvaluateAsync("[...document.querySelectorAll('.job button')].find(button => button.textContent === 'Stop').click()");
        await browser.UntilAsync("document.querySelector('.job .interrupted') && document.querySelector('.job a[href=\"/runs/1\"]')");
        Assert.True((await browser.EvaluateAsync(Fits)).GetBoolean());
        Assert.Equal([], browser.Complaints);
    }

    [Fact]
    public async Task Notes_AreMarkdownAndNeverMarkup_AndTagsFindTheirRuns()
    {
        await using var visit = await Visit.StartAsync();
        await browser.OpenAsync(new Uri(visit.Address, "/runs/1"), 390, "document.querySelector('#notes')");
        await browser.EvaluateAsync("""
            document.querySelector('.said details').open = true;
            document.querySelector('#tags').value = 'a&b <script>alert(1)</script>';
            document.querySelector('#notes').value = '# Why\n<img src=x onerror="document.title=1">\n\n- see **run `2`**\n- [out](javascript:alert(1)) and [in](/runs/2)\n\n```\n<b>\n```';
            document.querySelector('.said form button').click();
            """);
        await browser.UntilAsync("document.querySelectorAll('.notes li').length === 2");
        Assert.Equal(
            "Why|<img src=x onerror=\"document.title=1\">|see run 2|[out](javascript:alert(1)) and in|<b>",
            (await browser.EvaluateAsync("[...document.querySelectorAll('.notes h3, .notes p, .notes li, .notes pre')].map(part => part.textContent).join('|')")).GetString());
        Assert.Equal("/runs/2", (await browser.EvaluateAsync("[...document.querySelectorAll('.notes a')].map(link => link.getAttribute('href')).join()")).GetString());
        Assert.Equal(0, (await browser.EvaluateAsync("document.querySelectorAll('img, main script').length")).GetInt32());
        await browser.EvaluateAsync("document.querySelector('.tag').click()");
        await browser.UntilAsync("new URLSearchParams(location.search).get('tag') === '<script>alert(1)</script>' && document.querySelectorAll('tbody tr').length === 1");
        Assert.True((await browser.EvaluateAsync(Fits)).GetBoolean());
        Assert.Equal([], browser.Complaints);
    }

    [Fact]
    public async Task Run_IsFollowedWhileItGoesOn()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        var recording = visit.Add("live", rounds: 3);
        await browser.OpenAsync(new Uri(visit.Address, $"/runs/{recording.Run}"), 1280, "document.querySelector('.status.running')");
        await browser.EvaluateAsync("document.querySelector('.todo a').focus()");
        recording.Record(3);
        await browser.UntilAsync("document.querySelector('.state').textContent.includes('4 of 40 rounds') && document.querySelector('.stands').textContent.startsWith('searching · batch 190 · loss 1.1000 · about ')");
        Assert.Equal("What if …", (await browser.EvaluateAsync("document.activeElement.textContent")).GetString());
        recording.Dispose();
        await browser.UntilAsync("document.querySelector('.status.done')");
        Assert.Equal([], browser.Complaints);
    }
}
