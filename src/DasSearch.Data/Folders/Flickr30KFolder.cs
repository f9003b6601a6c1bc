using DasSearch.Core.Configuration;
using DasSearch.Data.Tasks;

namespace DasSearch.Data.Folders;

/// <summary>Flickr30K (Young et al., TACL 2014) in Karpathy's split (arXiv:1412.2306): photos with five captions each.</summary>
/// <remarks>A sample is a photo with one of its captions; a caption that a photo has twice counts once (papers' part A.8).</remarks>
internal sealed class Flickr30KFolder : IDataFolder
{
    private static readonly string[] _splits = ["train", "val", "test"];

    public string Layout => "dataset_flickr30k.json (or karpathy/dataset_flickr30k.json), and the photos in flickr30k-images/ (or flickr30k_images/, or images/)";

    public FolderSamples Read(DataRoot root, DataConfig settings, Findings findings)
    {
        var photos = root.Folder("flickr30k-images", "flickr30k_images", "images");
        var table = JsonTable.Read<Dataset>(root.Table(["dataset_flickr30k.json", "karpathy/dataset_flickr30k.json"]), "Karpathy's split of Flickr30K");
        var splits = _splits.Select(static _ => new List<FolderSample>()).ToArray();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var image in table.Images.OfType<Image>())
        {
            var captions = image.Sentences.OfType<Sentence>().Select(static sentence => sentence.Raw).Where(static caption => caption.Length > 0).Distinct(StringComparer.Ordinal).ToList();
            if (!DataRoot.IsPlain(image.Filename))
            {
                findings.Fault("names that are no photo's", image.Filename);
            }
            else if (!known.Add(image.Filename))
            {
                findings.Fault("photos that are there twice", image.Filename);
            }
            else if (Array.IndexOf(_splits, image.Split) is var split && split < 0)
            {
                findings.Fault("photos of no split", image.Filename);
            }
            else if (captions.Count == 0)
            {
                findings.Fault("photos without captions", image.Filename);
            }
            else
            {
                string[] photo = [$"{photos}/{image.Filename}"];
                splits[split].AddRange(captions.Select(caption => new FolderSample(photo, caption, Label: 0)));
            }
        }

        return new FolderSamples(TaskKind.Ranking, [], Pictures: 1, splits);
    }

    private sealed record Dataset(IReadOnlyList<Image> Images);

    private sealed record Image(string Filename, string Split, IReadOnlyList<Sentence> Sentences);

    private sealed record Sentence(string Raw);
}
