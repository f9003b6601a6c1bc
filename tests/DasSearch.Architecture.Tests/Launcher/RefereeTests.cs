namespace DasSearch.Architecture.Tests.Launcher;

/// <summary>How the launcher comes by the tools that exports are tried with, in a machine made up for it.</summary>
public sealed class RefereeTests : IDisposable
{
    // A repository that names a version, on a machine with a Python that has everything.
    private const string Wanted = """
        mkdir -p "$root/build/referees"
        echo '{}' | tee "$root"/build/referees/package{,-lock}.json >"$root/out"
        has_python_module() { true; }

        """;

    private readonly MadeUpMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task EnsureReferees_Twice_InstallsOnceAndRunsNoScripts()
    {
        _machine.AddCommand("node", "");
        _machine.AddCommand("chromium", "");
        _machine.AddCommand("npm", "echo \"$*\" >>\"${0%/*}/../npm\"; ls >>\"${0%/*}/../npm\"");

        var run = await _machine.RunAsync(["apt", "referees"], $"{Wanted}ensure_referees; ensure_referees; cat \"$root/npm\"");

        Assert.Equal((0, "ci --ignore-scripts --no-audit --no-fund\npackage-lock.json\npackage.json\n"), (run.Code, run.Output));
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task EnsureReferees_AnotherVersionIsWanted_InstallsIt()
    {
        _machine.AddCommand("node", "");
        _machine.AddCommand("chromium", "");
        _machine.AddCommand("npm", "echo installed >>\"${0%/*}/../npm\"");

        var run = await _machine.RunAsync(
            ["apt", "referees"],
            $"{Wanted}ensure_referees; echo '[]' >\"$root/build/referees/package-lock.json\"; ensure_referees; wc -l <\"$root/npm\"");

        Assert.Equal((0, "2"), (run.Code, run.Output.Trim()));
    }

    [Fact]
    public async Task EnsureReferees_NothingThereAndNoWayToInstall_WarnsAndTriesAgain()
    {
        const string Try = "has_python_module() { false; }; ensure_referees; echo goes on\n";
        var run = await _machine.RunAsync(["apt", "referees"], $"{Wanted}{Try}{Try}");

        Assert.Equal((0, "goes on\ngoes on\n"), (run.Code, run.Output));
        Assert.Contains(
            "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends python3-torch python3-onnx python3-nbclient python3-ipykernel python3-pandas python3-scipy python3-matplotlib nodejs npm chromium'",
            run.Error,
            StringComparison.Ordinal);
        Assert.Equal(2, run.Error.Split("ONNX Runtime could not be installed").Length - 1);
    }
}
