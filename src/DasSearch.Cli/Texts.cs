namespace DasSearch.Cli;

/// <summary>Longer texts that a person reads, apart from the code that prints them.</summary>
internal static class Texts
{
    /// <summary>What <c>das --help</c> opens with.</summary>
    public const string Root = """
        Searches which layers of a frozen vision-language model can be skipped for a task.

        The launcher adds three commands of its own: `./das test` builds and runs the tests, `./das bench` the
        benchmarks, and `./das setup` only prepares (`--again`: choose the tensor and plot backends anew).
        """;
}
