using DasSearch.Data.Tasks;

namespace DasSearch.Worker.Tests.Support;

/// <summary>The real photos, read once.</summary>
internal static class Photos
{
    internal static DataSources Source { get; } = new(Environment.GetEnvironmentVariable);
}
