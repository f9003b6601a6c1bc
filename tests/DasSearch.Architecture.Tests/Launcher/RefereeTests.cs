namespace DasSearch.Architecture.Tests.Launcher;

/// <summary>How the launcher comes by the tools that exports are tried with, in a machine made up for it.</summary>
public sealed class RefereeTests : IDisposable
{
    private readonly MadeUpMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task EnsureReferees_EverythingThere_SaysNothing()
    {
        _machine.AddCommand("chromium", "");

        var run = await _machine.RunAsync(["apt", "referees"], "has_python_module() { true; }; has_openblas() { true; }; ensure_referees; echo goes on");

        Assert.Equal((0, "goes on\n", ""), (run.Code, run.Output, run.Error));
    }

    [Theory]
    [InlineData("libopenblas.so.0 (libc6,x86-64) => /lib/libopenblas.so.0", "there")]
    [InlineData("libblas.so.3 (libc6,x86-64) => /lib/libblas.so.3", "missing")]
    public async Task HasOpenblas_GoesByTheLoadersLibraries(string libraries, string expected)
    {
        _machine.AddCommand("ldconfig", $"echo '{libraries}'");
        Assert.Equal($"{expected}\n", (await _machine.RunAsync(["apt", "referees"], "has_openblas && echo there || echo missing")).Output);
    }

    [Fact]
    public async Task EnsureReferees_NothingThereAndNoWayToInstall_WarnsAndGoesOn()
    {
        var run = await _machine.RunAsync(["apt", "referees"], "has_python_module() { false; }; has_openblas() { false; }; ensure_referees; echo goes on");

        Assert.Equal((0, "goes on\n"), (run.Code, run.Output));
        Assert.Contains(
            "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends python3-torch python3-onnx python3-nbclient python3-ipykernel python3-pandas python3-scipy python3-matplotlib libopenblas0-pthread chromium'",
            run.Error,
            StringComparison.Ordinal);
    }
}
