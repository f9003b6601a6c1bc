namespace DasSearch.Cli;

/// <summary>Longer texts that a person reads, apart from the code that prints them.</summary>
internal static class Texts
{
    /// <summary>What <c>das --help</c> opens with.</summary>
    public const string Root = """
        Searches which layers of a frozen vision-language model can be skipped for a task.

          das search experiments/fashionvl/vqa-das4.yaml   searches, and writes a plan
          das show 1                                       what the search found out about each layer
          das train vqa-das4-1.plan.json                   trains the planned network, and tests it

        The launcher adds three commands of its own: `./das test` builds and runs the tests, `./das bench` the
        benchmarks, and `./das setup` only prepares (`--again`: choose the tensor and plot backends anew).
        """;
}
