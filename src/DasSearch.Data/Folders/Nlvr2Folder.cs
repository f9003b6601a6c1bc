using DasSearch.Core.Configuration;
using DasSearch.Data.Tasks;

namespace DasSearch.Data.Folders;

/// <summary>NLVR2 (Suhr et al., arXiv:1811.00491): statements about two photos, in JSON lines as its authors publish them.</summary>
/// <remarks>Validation is <c>dev</c> and the test <c>test1</c> (test-P); a statement is named after its pair of photos, <c>dev-850-0-0</c> after <c>dev-850-0</c>.</remarks>
internal sealed class Nlvr2Folder : IDataFolder
{
    private static readonly string[] _names = ["train", "dev", "test1"];

    public string Layout =>
        "nlvr2/data/train.json, dev.json and test1.json (or data/, or none), images/train/DIRECTORY/, dev/ and test1/ with photos such as dev-850-0-img0.png";

    public FolderSamples Read(DataRoot root, DataConfig settings, Findings findings) => new(
        TaskKind.Classification, ["false", "true"], Pictures: 2, [.. _names.Select(name => Read(root, name, findings))]);

    private static List<FolderSample> Read(DataRoot root, string name, Findings findings)
    {
        var samples = new List<FolderSample>();
        var photos = root.Folder($"images/{name}", name);
        foreach (var line in JsonTable.ReadLines<Line>(root.Table([$"nlvr2/data/{name}.json", $"data/{name}.json", $"{name}.json", $"{name}.jsonl"]), findings))
        {
            var end = line.Identifier.LastIndexOf('-');
            if (!DataRoot.IsPlain(line.Identifier) || end <= 0)
            {
                findings.Fault("identifiers that name no pair of photos", line.Identifier);
            }
            else if (line.Label is not ("True" or "False"))
            {
                findings.Fault("labels other than True and False", line.Identifier);
            }
            else if (line.Sentence.Length == 0)
            {
                findings.Fault("statements without words", line.Identifier);
            }
            else
            {
                var photo = $"{photos}/{(line.Directory is { } directory ? $"{directory}/" : "")}{line.Identifier[..end]}";
                samples.Add(new FolderSample([$"{photo}-img0.png", $"{photo}-img1.png"], line.Sentence, line.Label == "True" ? 1 : 0));
            }
        }

        return samples;
    }

    private sealed record Line(string Identifier, string Sentence, string Label, int? Directory = null);
}
