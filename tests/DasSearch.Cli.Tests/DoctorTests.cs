using System.Text.Json;
using DasSearch.Cli.Commands;
using DasSearch.Cli.Doctor;
using DasSearch.Core;

namespace DasSearch.Cli.Tests;

public sealed class DoctorTests
{
    private static readonly BuildFacts Build = new("1.2.3", "0123abc", "system", "standin");
    private static readonly FakeTorchLibrary Working = new(new TorchVersion("1.13.1", 4, 2, 1));
    private static readonly FakeTorchLibrary Broken =
        new(null, new TypeInitializationException("torch", new DllNotFoundException("libtorch.so: cannot open shared object file\nNo such file")));

    [Fact]
    public async Task Doctor_OnThisMachine_NamesTheLibraryThatAnswered()
    {
        var das = await Das.RunAsync(["doctor", "--json"], ("DAS_TORCH_WHY", "no package source here has it"));

        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        var torch = JsonDocument.Parse(das.Output).RootElement.GetProperty("torch");
        Assert.Matches(@"^\d+\.\d+", torch.GetProperty("version").GetProperty("libtorch").GetString());
        Assert.InRange(torch.GetProperty("version").GetProperty("threads").GetInt32(), 1, 1024);
        Assert.Equal("no package source here has it", torch.GetProperty("why").GetString());
        foreach (var blas in torch.GetProperty("blas").EnumerateArray())
        {
            Assert.True(File.Exists(blas.GetProperty("path").GetString()));
            Assert.Equal(blas.GetProperty("name").GetString() == "openblas", blas.GetProperty("core").GetString() is not null);
        }
    }

    [Fact]
    public void Json_Shape_IsStable()
    {
        var report = DoctorReport.Gather(Build, Working, _ => null);
        using var output = new StringWriter();
        DoctorPrinter.WriteJson(report, output);

        var root = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal("das-search/doctor/1", root.GetProperty("schema").GetString());
        Assert.Equal(["schema", "das", "machine", "torch", "plot", "datasets", "environment"], Keys(root));
        Assert.Equal(["version", "commit"], Keys(root.GetProperty("das")));
        Assert.Equal(["dotnet", "os", "architecture", "cpu", "cores", "memory_bytes"], Keys(root.GetProperty("machine")));
        Assert.Equal(["backend", "why", "version", "blas", "problem", "remedy"], Keys(root.GetProperty("torch")));
        Assert.Equal(["libtorch", "threads", "interop_threads", "cuda_devices"], Keys(root.GetProperty("torch").GetProperty("version")));
        Assert.Equal(["backend", "why"], Keys(root.GetProperty("plot")));
        Assert.Equal(["name", "path", "found", "remedy"], Keys(root.GetProperty("datasets")[0]));
        Assert.Contains("OPENBLAS_CORETYPE", Keys(root.GetProperty("environment")));
    }

    [Fact]
    public void Command_LibraryThatDoesNotLoad_TellsTheRestAndFails()
    {
        var (code, text) = Run(Broken);

        Assert.Equal((int)ExitCode.Failed, code);
        Assert.Contains("could not be loaded: libtorch.so: cannot open shared object file No such file", text, StringComparison.Ordinal);
        Assert.Contains("LIBTORCH", text, StringComparison.Ordinal);
        Assert.Contains("runtime       .NET", text, StringComparison.Ordinal);
        Assert.Contains("fashion-mnist", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_LibraryThatLoads_PrintsWhatItSays()
    {
        var (code, text) = Run(Working);

        Assert.Equal((int)ExitCode.Done, code);
        Assert.Contains("libtorch      1.13.1", text, StringComparison.Ordinal);
        Assert.Contains("4 within an operation, 2 across operations", text, StringComparison.Ordinal);
        Assert.Contains("cpu, 1 × cuda", text, StringComparison.Ordinal);
        Assert.Contains("(DAS_PLOT asks for it)", text, StringComparison.Ordinal);
        Assert.Contains("OMP_NUM_THREADS=1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Gather_BrokenOfficialPackage_OffersTheSystemsLibrary()
    {
        var facts = TorchFacts.Gather(Broken, "TorchSharp-cpu", null);

        Assert.Null(facts.Version);
        Assert.Contains("DAS_TORCH=system", facts.Remedy, StringComparison.Ordinal);
    }

    private static (int Code, string Text) Run(FakeTorchLibrary library)
    {
        var variables = new Dictionary<string, string> { ["DAS_PLOT_WHY"] = "DAS_PLOT asks for it", ["OMP_NUM_THREADS"] = "1" };
        using var output = new StringWriter();
        using var terminal = new Terminal(output, TextWriter.Null, isRedirected: true);
        var command = DoctorCommand.Create(new CommandContext(terminal, variables.GetValueOrDefault), library);
        var code = command.Parse([]).Invoke();
        return (code, output.ToString());
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
