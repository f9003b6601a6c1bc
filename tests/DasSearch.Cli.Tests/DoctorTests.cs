using System.Text.Json;
using DasSearch.App;
using DasSearch.Cli.Commands;
using DasSearch.Cli.Doctor;

namespace DasSearch.Cli.Tests;

public sealed class DoctorTests
{
    private static readonly BuildFacts Build = new("1.2.3", "0123abc", "TorchSharp-cpu");
    private static readonly FakeTorchLibrary Working = new(new TorchVersion("2.10.0", 4, 2, 1, IsMended: true));
    private static readonly FakeTorchLibrary Broken =
        new(null, new TypeInitializationException("torch", new DllNotFoundException("libtorch.so: cannot open shared object file\nNo such file")));

    [Fact]
    public async Task Doctor_OnThisMachine_NamesTheLibraryThatAnswered()
    {
        var das = await Das.RunAsync(["doctor", "--json"], ("DAS_TORCH_WHY", "no GPU answers"));

        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        var torch = JsonDocument.Parse(das.Output).RootElement.GetProperty("torch");
        Assert.Matches(@"^\d+\.\d+", torch.GetProperty("version").GetProperty("libtorch").GetString());
        Assert.InRange(torch.GetProperty("version").GetProperty("threads").GetInt32(), 1, 1024);
        Assert.Equal("no GPU answers", torch.GetProperty("why").GetString());
    }

    [Fact]
    public void Json_Shape_IsStable()
    {
        var report = DoctorReport.Gather(Build, Working, _ => null);
        using var output = new StringWriter();
        DoctorPrinter.WriteJson(report, output);

        var root = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal("das-search/doctor/2", root.GetProperty("schema").GetString());
        Assert.Equal(["schema", "das", "machine", "torch", "datasets", "environment"], Keys(root));
        Assert.Equal(["version", "commit"], Keys(root.GetProperty("das")));
        Assert.Equal(["dotnet", "os", "architecture", "cpu", "cores", "memory_bytes"], Keys(root.GetProperty("machine")));
        Assert.Equal(["package", "why", "version", "problem", "remedy"], Keys(root.GetProperty("torch")));
        Assert.Equal(["libtorch", "threads", "interop_threads", "cuda_devices", "is_mended"], Keys(root.GetProperty("torch").GetProperty("version")));
        Assert.Equal(["name", "path", "found", "remedy"], Keys(root.GetProperty("datasets")[0]));
        Assert.Contains("OPENBLAS_CORETYPE", Keys(root.GetProperty("environment")));
    }

    [Fact]
    public void Command_LibraryThatDoesNotLoad_TellsTheRestAndFails()
    {
        var (code, text) = Run(Broken);

        Assert.Equal((int)ExitCode.Failed, code);
        Assert.Contains("could not be loaded: libtorch.so: cannot open shared object file No such file", text, StringComparison.Ordinal);
        Assert.Contains("./das setup --again", text, StringComparison.Ordinal);
        Assert.Contains("runtime       .NET", text, StringComparison.Ordinal);
        Assert.Contains("fashion-mnist", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_LibraryThatLoads_PrintsWhatItSays()
    {
        var (code, text) = Run(Working);

        Assert.Equal((int)ExitCode.Done, code);
        Assert.Contains("libtorch      2.10.0", text, StringComparison.Ordinal);
        Assert.Contains("4 within an operation, 2 across operations", text, StringComparison.Ordinal);
        Assert.Contains("cpu, 1 × cuda", text, StringComparison.Ordinal);
        Assert.Contains("libstdc++     older than GCC 13's", text, StringComparison.Ordinal);
        Assert.Contains("OMP_NUM_THREADS=1", text, StringComparison.Ordinal);
    }

    private static (int Code, string Text) Run(FakeTorchLibrary library)
    {
        var variables = new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" };
        using var output = new StringWriter();
        using var terminal = new Terminal(output, TextWriter.Null, isRedirected: true);
        var command = DoctorCommand.Create(new CommandContext(terminal, variables.GetValueOrDefault), library);
        var code = command.Parse([]).Invoke();
        return (code, output.ToString());
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
