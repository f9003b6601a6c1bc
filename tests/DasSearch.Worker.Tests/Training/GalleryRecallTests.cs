using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Training;

/// <summary>Recall from matrices whose answer is plain.</summary>
public sealed class GalleryRecallTests
{
    [Fact]
    public void Recall_OfAPerfectMatrix_IsOne() =>
        Assert.All(Recall(Matrix(12, (i, j) => i == j ? 1 : 0)).Values, value => Assert.Equal(1, value));

    [Fact]
    public void Recall_WhereAllScoresAreEqual_IsNone() =>
        Assert.Equal([0d, 0, 0, 0, 0, 0], Recall(Matrix(12, (_, _) => 1)).Values);

    [Fact]
    public void Recall_WhereScoresAreNoNumbers_IsNone() =>
        Assert.Equal(0, Recall(Matrix(12, (_, _) => double.NaN))["text_recall@1"]);

    [Fact]
    public void Recall_TellsRowsFromColumns()
    {
        // Every image likes text 0 best and its own second; every text likes its own image best.
        var recall = Recall(Matrix(12, (image, text) => text == 0 ? 10 + (image == 0 ? 1 : 0) : image == text ? 5 : 0));
        Assert.Equal(1 / 12d, recall["text_recall@1"]);
        Assert.Equal(1, recall["text_recall@5"]);
        Assert.Equal(1, recall["image_recall@1"]);
    }

    [Fact]
    public void Recall_OfSeveralCaptions_CountsTheImagesBest_AndEachCaption()
    {
        // Image 0 owns the first two captions, of which it likes the second best; image 1 owns the third, which image 0 likes better.
        var recall = GalleryRecall.Recall(new double[,] { { 1, 5, 3 }, { 0, 0, 2 } }, [0, 0, 1]);
        Assert.Equal(1, recall["text_recall@1"]);
        Assert.Equal(2 / 3d, recall["image_recall@1"], 12);
    }

    [Fact]
    public void Of_ANetwork_ScoresTheWholeGallery()
    {
        var task = (IGalleryTask)TaskTable.Named("fashionvl-retrieval").Open(Photos.Source, new TaskSettings());
        using var scope = NewDisposeScope();
        using var network = TransferNetwork.Build(TinySearch.Request(TinySearch.Config, task) with { Method = new LinearTransfer() });
        var told = new List<int>();
        var recall = GalleryRecall.Of(network, task, Split.Test, 10, Subnetwork.Whole(TinySearch.Layers), told.Add, CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, 10), told);
        Assert.Equal(1, recall["text_recall@10"]);
        Assert.All(recall.Values, value => Assert.InRange(value, 0, 1));
    }

    private static IReadOnlyDictionary<string, double> Recall(double[,] scores) => GalleryRecall.Recall(scores, [.. Enumerable.Range(0, scores.GetLength(0))]);

    private static double[,] Matrix(int size, Func<int, int, double> score)
    {
        var matrix = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                matrix[i, j] = score(i, j);
            }
        }

        return matrix;
    }
}
