using DasSearch.Data.Captions;
using DasSearch.Data.Scenes;

namespace DasSearch.Data.Tasks.Retrieval;

/// <summary>The scenes of a gallery: families of four, of which three differ from the first in one attribute each.</summary>
internal static class GalleryScenes
{
    private const int Family = 4;

    /// <summary>Draws pairwise different scenes, one after the other.</summary>
    public static IEnumerable<Scene> Draw(Random random)
    {
        var seen = new HashSet<Scene>();
        var first = default(Scene);
        while (true)
        {
            var scene = seen.Count % Family == 0 ? SceneSampler.Independent(random) : Change.Draw(first, random).Twin;
            if (seen.Add(scene))
            {
                first = seen.Count % Family == 1 ? scene : first;
                yield return scene;
            }
        }
    }
}
