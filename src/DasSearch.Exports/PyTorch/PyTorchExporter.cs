using System.Text;
using DasSearch.Core.Files;

namespace DasSearch.Exports;

/// <summary>The planned network as one Python file that needs nothing but torch, with its weights beside it.</summary>
internal sealed class PyTorchExporter : IPlanExporter
{
    private const string Begin = "# <plan>";
    private const string End = "# </plan>\n";

    /// <inheritdoc/>
    public string Name => "pytorch";

    /// <inheritdoc/>
    public string Summary => "the trained network as one readable Python file that needs only torch";

    /// <inheritdoc/>
    public string Suffix => ".py";

    /// <inheritdoc/>
    public IReadOnlyList<ExportOption> Options { get; } = [PlannedVilt.HeadsOption];

    /// <inheritdoc/>
    public ExportResult Export(ExportRequest request)
    {
        var network = PlannedVilt.Read(request);
        var weights = Path.ChangeExtension(request.Output, ".weights.safetensors");
        network.CheckOutput(request.Output);
        network.CheckOutput(weights);
        var plan = PythonPlan.Write(request.Plan, network, Path.GetFileName(weights));
        SafetensorsWriter.Write(weights, network.Weights.Values, new Dictionary<string, string> { ["format"] = "pt" });
        OutputFile.Write(request.Output, file => file.Write(Encoding.UTF8.GetBytes(With(plan))));
        return new ExportResult([request.Output, weights], network.Notes);
    }

    // The file is a Python file of its own, so that it can be read and checked as one; its example gives way to the plan.
    private static string With(string plan)
    {
        using var resource = typeof(PyTorchExporter).Assembly.GetManifestResourceStream("vilt.py")!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        var text = reader.ReadToEnd();
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        return $"{text[..begin]}{Begin} What the plan says; the rest of this file is the same for every plan.\n{plan}{text[end..]}";
    }
}
