using System.Diagnostics;
using System.Globalization;

namespace DasSearch.Cli.Tests;

public sealed class DashboardCommandTests : IDisposable
{
    private readonly StoredRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Dashboard_PrintsItsAddress_LoadsNoLibtorch_AndEndsByCtrlC()
    {
        _runs.Add(rounds: 6, noise: 0.1);
        var start = new ProcessStartInfo(
            "env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "das.dll"), "dashboard", "--port", "0", "--db", _runs.Database])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var address = await process.StandardOutput.ReadLineAsync();
            Assert.Matches(@"^http://127\.0\.0\.1:\d+/$", address);
            using var client = new HttpClient();
            Assert.Contains("made-up", await client.GetStringAsync(new Uri(address + "api/runs/1")), StringComparison.Ordinal);

            var libraries = await File.ReadAllTextAsync($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/maps");
            Assert.Contains("libe_sqlite3", libraries, StringComparison.Ordinal);
            Assert.DoesNotContain("libtorch", libraries, StringComparison.OrdinalIgnoreCase);

            using var interrupted = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
            Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync()));
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData("--port must be from 0 to 65535, not 99999", "--port", "99999")]
    [InlineData("--host must be an IP address of this machine or localhost, not 'elsewhere'", "--host", "elsewhere")]
    [InlineData("--token must have at least 16 characters, not 5", "--token", "short")]
    public async Task Dashboard_ImpossibleSettings_AreBadUsage(string sentence, params string[] options)
    {
        var das = await _runs.RunAsync(["dashboard", .. options]);
        Assert.Equal((ExitCode.BadUsage, $"das: {sentence}\n"), (das.Code, das.Error));
    }
}
