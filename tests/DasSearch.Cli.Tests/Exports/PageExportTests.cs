using System.IO.Compression;
using System.Text;
using System.Text.Json;
using DasSearch.Store;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>Trained networks that the dashboard's page exports: the very bytes of the command line's.</summary>
[Collection(nameof(ExportFixture))]
public sealed class PageExportTests(ExportFixture fixture)
{
    [Fact]
    public async Task Networks_ExportedFromThePage_AreThoseOfTheCommandLine()
    {
        var (plan, database) = (fixture.Plan("vqa"), fixture.PathOf("page.db"));
        RunStore.Create(database, TimeProvider.System).Dispose();

        // A job that has trained a plan.
        var job = Directory.CreateDirectory($"{database}.jobs/1").FullName;
        File.Copy(plan.Path, Path.Combine(job, "plan.json"));
        File.Copy(Path.ChangeExtension(plan.Path, ".safetensors"), Path.Combine(job, Path.GetFileName(Path.ChangeExtension(plan.Path, ".safetensors"))));
        await File.WriteAllTextAsync(Path.Combine(job, "command"), "das train plan.json");
        await File.WriteAllTextAsync(Path.Combine(job, "code"), "0\n");

        using var dashboard = DasProcess.Start("dashboard", "--port", "0", "--db", database);
        using var page = new HttpClient { BaseAddress = new Uri(await dashboard.FirstLine) };
        page.DefaultRequestHeaders.Add("Origin", page.BaseAddress.GetLeftPart(UriPartial.Authority));
        foreach (var (i, target) in new[] { "pytorch", "onnx" }.Index())
        {
            using var asked = new StringContent($$"""{"command": "export", "job": 1, "to": "{{target}}"}""", Encoding.UTF8, "application/json");
            using var begun = await page.PostAsync(new Uri("api/jobs", UriKind.Relative), asked);
            Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync());
            var number = i + 2;
            await OverAsync();

            using var packed = new ZipArchive(await page.GetStreamAsync(new Uri($"api/jobs/{number}/files.zip", UriKind.Relative)));
            var main = packed.Entries.Single(entry => entry.Name is "plan.py" or "plan.onnx");
            var folder = Directory.CreateDirectory(fixture.PathOf($"page-{target}")).FullName;
            var source = Path.Combine(job, "plan.json");
            Assert.Equal(ExitCode.Done, (await RunAsync("export", source, "--to", target, "-o", Path.Combine(folder, main.Name), "--db", database)).Code);
            Assert.Equal(Directory.GetFiles(folder).Select(Path.GetFileName).Order(), packed.Entries.Select(static entry => entry.Name).Order());
            foreach (var entry in packed.Entries)
            {
                using var bytes = new MemoryStream();
                await using (var content = entry.Open())
                {
                    await content.CopyToAsync(bytes);
                }

                Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder, entry.Name)), bytes.ToArray());
            }
        }

        async Task OverAsync()
        {
            while (JsonDocument.Parse(await page.GetStringAsync(new Uri("api/jobs", UriKind.Relative))).RootElement[0].GetProperty("state").GetString() is var state and not "done")
            {
                Assert.Equal("running", state);
                await Task.Delay(50);
            }
        }

        static Task<Das> RunAsync(params string[] args) => SearchFixture.RunAsync(args);
    }
}
