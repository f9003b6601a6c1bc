using DasSearch.Data.FashionMnist;

namespace DasSearch.Worker.Tests.Support;

/// <summary>The real photos, read once.</summary>
internal static class Photos
{
    private static readonly Lazy<FashionPhotos> _all =
        new(() => FashionPhotos.Load(FashionMnistFolder.Resolve(Environment.GetEnvironmentVariable)));

    internal static FashionPhotos All => _all.Value;
}
