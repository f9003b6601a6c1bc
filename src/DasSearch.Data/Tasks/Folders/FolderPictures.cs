using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Folders;
using DasSearch.Data.Imaging;
using static TorchSharp.torch;

namespace DasSearch.Data.Tasks.Folders;

/// <summary>The pictures of a data set on disk as a backbone is shown them; they are decoded by as many threads as there are processors.</summary>
internal sealed class FolderPictures
{
    private const int PictureSide = 384;
    private const float Middle = 0.5f; // ViLT's mean and deviation

    private readonly string _name;
    private readonly DataRoot _root;
    private readonly TaskSettings _settings;
    private readonly PictureView _view;
    private bool _areVaried; // in training

    /// <param name="name">What the task is called.</param>
    /// <param name="root">Where they are.</param>
    /// <param name="settings">How they are seen.</param>
    /// <param name="usual">Of which shape they are where nobody says otherwise.</param>
    /// <exception cref="ConfigException">The backbone does not take them so.</exception>
    internal FolderPictures(string name, DataRoot root, TaskSettings settings, PictureShape usual) =>
        (_name, _root, _settings, _view, _areVaried) = (name, root, settings, ViewOf(settings, usual), settings.Data.Augment == Augmentation.RandAugment);

    /// <summary>Height and width of one that is square.</summary>
    internal int Side => _view.Side;

    /// <summary>The same as they are, in training, too; these where they always are.</summary>
    internal FolderPictures Unvaried
    {
        get
        {
            if (!_areVaried)
            {
                return this;
            }

            var same = (FolderPictures)MemberwiseClone();
            same._areVaried = false;
            return same;
        }
    }

    /// <summary>One as a batch of one, which is not padded.</summary>
    internal Tensor ImageOf(string file) => _view.Tensors([_view.Scaled(PictureFile.Read(_root.Of(file)))]).Pixels;

    /// <summary>The pictures of samples: those that come first, then those that come second; a plain image where a sample has none.</summary>
    /// <param name="files">Of each sample.</param>
    /// <param name="count">How many a sample has at most.</param>
    /// <param name="rows">The samples' numbers within their split.</param>
    /// <exception cref="DasSearchException">One cannot be read.</exception>
    internal IReadOnlyList<PictureTensors> Of(Func<int, IReadOnlyList<string>> files, int count, Split split, long epoch, int[] rows)
    {
        var pictures = Enumerable.Range(0, count).Select(_ => new Picture?[rows.Length]).ToArray();
        try
        {
            Parallel.For(0, rows.Length * count, place =>
            {
                var (image, row) = (place % count, place / count);
                if (files(rows[row]) is var own && image < own.Count)
                {
                    var picture = PictureFile.Read(_root.Of(own[image]));
                    pictures[image][row] = _view.Scaled(split == Split.Train && _areVaried
                        ? RandAugment.Vary(picture, SeededRandom.Derive(_settings.OrderSeed, $"{_name}/augment/{epoch}/{image}", rows[row]))
                        : picture);
                }
            });
            return [.. pictures.Select(_view.Tensors)];
        }
        catch (AggregateException failures)
        {
            // Several threads may have met broken pictures, and which of them did first is chance.
            throw failures.InnerExceptions.OfType<DasSearchException>().MinBy(static failure => failure.Message, StringComparer.Ordinal) ?? failures.InnerExceptions[0];
        }
    }

    private static PictureView ViewOf(TaskSettings settings, PictureShape usual)
    {
        var (own, shape) = (settings.View.Style, settings.Data.Shape ?? usual);
        if (own is not null && !settings.View.TakesAnySide && settings.Data.Side is { } other && other != own.Side)
        {
            throw new ConfigException("data.side", $"must be {own.Side}, which the backbone's encoder takes, not {other}");
        }

        var side = settings.Data.Side ?? own?.Side ?? PictureSide;
        return shape == PictureShape.Ratio && !settings.View.TakesPadding ? throw new ConfigException("data.shape", "must be square or stretched for a backbone that takes no images with padding")
            : shape == PictureShape.Ratio && side < PictureView.Multiple ? throw new ConfigException("data.side", $"must be at least {PictureView.Multiple} where data.shape is ratio, not {side}")
            : new PictureView(own is null ? ImageStyle.Grey(side, Middle, Middle) : own with { Side = side }, shape);
    }
}
