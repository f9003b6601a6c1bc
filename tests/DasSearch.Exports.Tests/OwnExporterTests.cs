using System.Text;
using DasSearch.Exports.Tests.Support;
using DasSearch.Formats;

namespace DasSearch.Exports.Tests;

/// <summary>Somebody else's exporter: one class and one registration, and nothing of das is touched.</summary>
public sealed class OwnExporterTests : IDisposable
{
    private readonly Workbench _bench = new();

    private static ExporterTable Table { get; } = ExporterTable.Standard.With(new SkippedCsvExporter());

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void With_AnExporterOfOnesOwn_ListsItLast_AndLeavesTheStandardTableAsItIs()
    {
        Assert.Equal([.. ExporterTable.Standard.All.Select(exporter => exporter.Name), "skipped-csv"], Table.All.Select(exporter => exporter.Name));
        Assert.DoesNotContain(ExporterTable.Standard.All, exporter => exporter.Name == "skipped-csv");
        var failure = Assert.Throws<ExportUsageException>(() => Table.Named("skiped-csv"));
        Assert.EndsWith("skipped-csv; did you mean skipped-csv?", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AnExporterOfOnesOwn_ChecksItsOptions_AndWrites()
    {
        var plan = MadeUpPlans.Vilt("2,5");

        var result = _bench.Export(Table, "skipped-csv", plan, "out.skipped.csv", database: null, ("separator", ";"));

        Assert.Equal([_bench.PathOf("out.skipped.csv")], result.Files);
        Assert.Equal("index;module\n2;transformer.blocks.2\n5;transformer.blocks.5\n", File.ReadAllText(result.Files[0]));
        Assert.Equal("my.skipped.csv", PlanExport.DefaultOutput(Table.Named("skipped-csv"), "my.plan.json"));
        var failure = Assert.Throws<ExportUsageException>(() => _bench.Export(Table, "skipped-csv", plan, "out", database: null, ("seperator", ";")));
        Assert.Equal("--option seperator: skipped-csv has no such option, only separator", failure.Message);
    }

    [Fact]
    public void With_ANameOrSuffixThatIsTaken_IsRefused()
    {
        var failure = Assert.Throws<ArgumentException>(() => Table.With(new SkippedCsvExporter()));
        Assert.StartsWith("Two exporters are called skipped-csv.", failure.Message, StringComparison.Ordinal);
        failure = Assert.Throws<ArgumentException>(() => Table.With(new SkippedCsvExporter { Name = "other" }));
        Assert.StartsWith("Two exporters write .skipped.csv.", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A list of what the plan skips.</summary>
    private sealed class SkippedCsvExporter : IPlanExporter
    {
        public string Name { get; init; } = "skipped-csv";

        public string Summary => "a list of the skipped modules";

        public string Suffix => ".skipped.csv";

        public IReadOnlyList<ExportOption> Options { get; } = [new("separator", "what stands between two cells; by default a comma")];

        public ExportResult Export(ExportRequest request)
        {
            var separator = request.Options.GetValueOrDefault("separator", ",");
            var lines = request.Plan.Skip.Select(module => FormattableString.Invariant($"{module.Index}{separator}{module.Module}\n"));
            var text = $"index{separator}module\n{string.Concat(lines)}";
            OutputFile.Write(request.Output, file => file.Write(Encoding.UTF8.GetBytes(text)));
            return new ExportResult([request.Output], []);
        }
    }
}
