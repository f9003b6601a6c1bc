using DasSearch.Data.FashionMnist;

namespace DasSearch.Data.Tests.Support;

/// <summary>A test over the real photos, skipped where they are not installed.</summary>
internal sealed class FashionMnistFactAttribute : FactAttribute
{
    public FashionMnistFactAttribute()
    {
        if (!Directory.Exists(Folder))
        {
            Skip = "The Debian package dataset-fashion-mnist is not installed.";
        }
    }

    public static string Folder => FashionMnistFolder.Resolve(Environment.GetEnvironmentVariable);
}
