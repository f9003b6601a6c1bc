using static TorchSharp.torch;

namespace DasSearch.Models.Attachments;

/// <summary>Nothing at any site: the backbone as it is, with skipped modules passing their input on.</summary>
public sealed class NoAttachments : IAttachments
{
    /// <summary>There is only one nothing.</summary>
    public static readonly NoAttachments Instance = new();

    private NoAttachments()
    {
    }

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor>? At(int index, Site site) => null;
}
