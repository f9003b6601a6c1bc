namespace DasSearch.Architecture.Tests.Launcher;

/// <summary>The parts of the launcher, each tried alone in a machine made up for it: no network, no build.</summary>
public sealed class LauncherPartTests : IDisposable
{
    private readonly MadeUpMachine _machine = new();

    public LauncherPartTests() => _machine.AddCommand("uname", "echo Linux x86_64");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void AddCommand_OfASystemTool_LeavesTheSystemsAlone()
    {
        // In the place of the system's, so that a failure here harms nothing.
        var (link, tool) = (_machine.PathOf("commands/tool"), _machine.PathOf("tool"));
        File.WriteAllText(tool, "the system's");
        File.CreateSymbolicLink(link, tool);

        _machine.AddCommand("tool", "echo made up");

        Assert.Equal("the system's", File.ReadAllText(tool));
        Assert.Contains("made up", File.ReadAllText(link), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindSdk_NoneAnywhere_SaysWhatToInstall()
    {
        var run = await _machine.RunAsync(["sdk"], "sdk_places=(/nowhere); find_sdk");

        Assert.Equal(1, run.Code);
        Assert.Contains("no .NET SDK was found", run.Error, StringComparison.Ordinal);
        Assert.Contains("/nowhere", run.Error, StringComparison.Ordinal);
        Assert.Contains("install the .NET SDK 10.0", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindSdk_TooOld_SaysWhatIsThereAndWhatIsNeeded()
    {
        _machine.AddCommand("dotnet", "case $1 in --list-sdks) echo '8.0.404 [/opt/dotnet/sdk]' ;; *) exit 145 ;; esac");

        var run = await _machine.RunAsync(["sdk"], "sdk_places=(/nowhere); find_sdk");

        Assert.Equal(1, run.Code);
        Assert.Contains("8.0.404", run.Error, StringComparison.Ordinal);
        Assert.Contains("needs 10.0.100", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindSdk_OnThePath_IsTakenAndRemembered()
    {
        _machine.AddCommand("dotnet", "echo 10.0.123");

        var run = await _machine.RunAsync(["sdk"], "find_sdk; cat \"$state/dotnet\"");

        Assert.Equal(0, run.Code);
        Assert.EndsWith("/commands/dotnet", run.Output.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 0", 0, "goes on\n", "")]
    [InlineData("exit 3", 1, "", "run  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev'")]
    [InlineData("exit 1", 1, "", "the tensor library cannot be loaded")]
    public async Task MendNatives_ByWhatTheToolSays_GoesOnOrSaysWhatToDo(string tool, int code, string output, string message)
    {
        _machine.AddCommand("dotnet", tool);

        var run = await _machine.RunAsync(["apt", "natives"], "dotnet=dotnet torch=TorchSharp-cpu; mend_natives; echo goes on");

        Assert.Equal((code, output), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task MendNatives_CompilerMissing_InstallsItAndTriesAgain()
    {
        _machine.AddCommand("dotnet", "[[ -f ${0%/*}/../installed ]] || exit 3");
        _machine.AddCommand("apt-get", "echo \"$*\" >>\"${0%/*}/../installed\"");
        _machine.AddCommand("sudo", "while [[ $1 == -* ]]; do shift; done; \"$@\"");

        var run = await _machine.RunAsync(["apt", "natives"], "dotnet=dotnet torch=TorchSharp-cpu; mend_natives; cat \"$root/installed\"");

        Assert.Equal(0, run.Code);
        Assert.Contains("install -y --no-install-recommends gcc libc6-dev", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 0", "TorchSharp-cuda-linux")]
    [InlineData("exit 9", "TorchSharp-cpu")]
    [InlineData(null, "TorchSharp-cpu")]
    public async Task ChooseTorch_ByWhetherAGpuAnswers_TakesItsPackageAndRemembers(string? nvidia, string package)
    {
        if (nvidia is not null)
        {
            _machine.AddCommand("nvidia-smi", nvidia);
        }

        var run = await _machine.RunAsync(["torch"], "load_choice; choose_torch 2>/dev/null; torch=; load_choice; echo $torch");

        Assert.Equal((0, package + "\n"), (run.Code, run.Output));
    }

    [Fact]
    public async Task EnsureFashionMnist_MayNotInstall_UnpacksThePackageAndNamesItsFolder()
    {
        _machine.AddCommand("apt-get", "[[ $1 == download ]] && : >dataset-fashion-mnist_1_all.deb");
        _machine.AddCommand("dpkg-deb", "mkdir -p \"$3/nowhere\" && touch \"$3\"/nowhere/{train,t10k}-{images-idx3,labels-idx1}-ubyte.gz");

        var run = await _machine.RunAsync(
            ["apt", "datasets"], "can_install() { false; }; fashion_mnist_folder=/nowhere; ensure_fashion_mnist; echo \"$FASHION_MNIST\"");

        Assert.Equal((0, _machine.PathOf("artifacts/packages/nowhere") + "\n"), (run.Code, run.Output));
        Assert.Contains("apt-get download", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureFashionMnist_NothingThereAndNoWayToInstall_WarnsWithTheOneLine()
    {
        var run = await _machine.RunAsync(["apt", "datasets"], "fashion_mnist_folder=/nowhere; ensure_fashion_mnist; echo goes on");

        Assert.Equal((0, "goes on\n"), (run.Code, run.Output));
        Assert.Contains("sudo sh -c 'apt-get update && apt-get install -y dataset-fashion-mnist'", run.Error, StringComparison.Ordinal);
        Assert.Contains("FASHION_MNIST", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData("exit 1", false, true)]
    public async Task EnsureFashionMnist_NothingThere_InstallsThePackage(string apt, bool installs, bool warns)
    {
        _machine.AddCommand("apt-get", $"{apt}\necho \"$*\" >>\"${{0%/*}}/../installed\"");
        _machine.AddCommand("sudo", "while [[ $1 == -* ]]; do shift; done; \"$@\"");

        var run = await _machine.RunAsync(["apt", "datasets"], "fashion_mnist_folder=/nowhere; ensure_fashion_mnist");

        Assert.Equal(0, run.Code);
        Assert.Equal(installs, File.Exists(_machine.PathOf("installed")));
        Assert.Contains("installing dataset-fashion-mnist", run.Error, StringComparison.Ordinal);
        Assert.Equal(warns, run.Error.Contains("warning", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte train-labels-idx1-ubyte.gz t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte", "", false)]
    [InlineData("train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte", "", true)]
    [InlineData("", "/elsewhere", false)]
    public async Task EnsureFashionMnist_ByWhatIsThere_IsQuiet(string files, string folder, bool warns)
    {
        var run = await _machine.RunAsync(
            ["apt", "datasets"],
            $"cd \"$root\"; for file in {files}; do touch \"$file\"; done; export FASHION_MNIST={folder}; fashion_mnist_folder=$root; ensure_fashion_mnist");

        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.Equal(warns, run.Error.Length > 0);
    }

    // A registry that serves packages with the right files in them.
    private const string Npm = """
        hand=${!#}; hand=${hand#emoji-datasource-}; hand=${hand%@*}
        mkdir -p package/img/$hand/sheets-clean
        echo names >package/emoji.json; echo licences >package/README.md; echo $hand >package/img/$hand/sheets-clean/64.png
        tar -czf emoji-datasource-$hand-16.0.0.tgz package
        """;

    [Fact]
    public async Task EnsureEmoji_PackagesAsExpected_TakesTheThreeFilesAndNamesTheirFolder()
    {
        _machine.AddCommand("npm", Npm);
        _machine.AddCommand("sha512sum", "cat >/dev/null; echo \"good  -\"");

        var run = await _machine.RunAsync(
            ["emoji"], "emoji_sha512_google=good emoji_sha512_twitter=good; ensure_emoji; echo \"$EMOJI_DATA\"; cat \"$EMOJI_DATA\"/{emoji.json,google.png,twitter.png}");

        Assert.Equal((0, _machine.PathOf("artifacts/packages/emoji") + "\nnames\ngoogle\ntwitter\n"), (run.Code, run.Output));
        Assert.DoesNotContain("warning", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Npm, "another SHA-512 than expected")]
    [InlineData("echo no connection >&2; exit 1", "no connection")]
    public async Task EnsureEmoji_PackagesOtherThanExpected_WarnsInASentence_AndLeavesNothing(string npm, string logged)
    {
        _machine.AddCommand("npm", npm);

        var run = await _machine.RunAsync(["emoji"], "ensure_emoji || echo code $?; echo \"${EMOJI_DATA-none}\"; cat \"$state/npm.log\"");

        Assert.StartsWith("code 1\nnone\n", run.Output, StringComparison.Ordinal);
        Assert.Contains(logged, run.Output, StringComparison.Ordinal);
        Assert.Contains("warning: the names and pictures of EmojiVL could not be taken", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_machine.PathOf("artifacts/packages/emoji")));
    }

    [Theory]
    [InlineData("search vqa.yaml", "task: emojivl-vqa", 0)]
    [InlineData("search vqa.yaml", "task: fashionvl-vqa", 1)]
    [InlineData("search vqa.yaml --set task=emojivl-nlvr2", "task: fashionvl-vqa", 0)]
    [InlineData("runs", "task: emojivl-vqa", 1)]
    [InlineData("show 1 --db vqa.yaml", "task: emojivl-vqa", 1)]
    [InlineData("", "task: emojivl-vqa", 1)]
    public async Task WantsEmoji_ByWhatTheArgumentsSay_IsKnown(string arguments, string file, int code)
    {
        var run = await _machine.RunAsync([], $"cd \"$root\"; echo '{file}' >vqa.yaml; wants_emoji {arguments}");

        Assert.Equal(code, run.Code);
    }

    [Theory]
    [InlineData("Passed!  - Failed:     0, Passed:    77, Skipped:     0, Total:    77, Duration: 9 s", 0, "82 passed, 0 failed, 0 skipped")]
    [InlineData("Failed!  - Failed:     2, Passed:     3, Skipped:     1, Total:     6, Duration: 9 s", 1, "8 passed, 2 failed, 1 skipped")]
    [InlineData("  Passed Name [2 ms]\nTotal tests: 17\n     Passed: 14\n     Failed: 2\n    Skipped: 1", 1, "19 passed, 2 failed, 1 skipped")]
    public async Task Test_OfTwoProjects_EndsWithTotalsAndTheCodeOfTheRun(string first, int code, string totals)
    {
        const string Second = "Passed!  - Failed:     0, Passed:     5, Skipped:     0, Total:     5, Duration: 1 s";
        _machine.AddCommand("dotnet", $"printf '%s\\n' $'{first.Replace("\n", "\\n", StringComparison.Ordinal)}' '{Second}'; exit {code}");

        var run = await _machine.RunAsync([], $"dotnet=dotnet torch=TorchSharp-cpu; . '{Repository.PathOf("build/test.sh")}'");

        Assert.Equal(code, run.Code);
        Assert.EndsWith($"\n{totals}\n", run.Output, StringComparison.Ordinal);
    }
}
