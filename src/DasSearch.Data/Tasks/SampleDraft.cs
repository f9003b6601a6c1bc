using DasSearch.Data.Scenes;

namespace DasSearch.Data.Tasks;

/// <summary>A sample before it becomes numbers.</summary>
/// <param name="Scenes">What is to be seen, one scene an image.</param>
/// <param name="Texts">What is said or asked.</param>
/// <param name="Label">The answer's or class's index, or the true text's.</param>
internal sealed record SampleDraft(IReadOnlyList<Scene> Scenes, IReadOnlyList<string> Texts, int Label);
