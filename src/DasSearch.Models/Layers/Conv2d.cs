using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DasSearch.Models.Layers;

/// <summary>
/// A convolution without padding: [batch, in, height, width] to [batch, out, (height − kernel) / stride + 1, …].
/// </summary>
/// <remarks>
/// With stride = kernel it cuts an image into patches and projects each, as a ViT begins (Dosovitskiy et al.,
/// arXiv:2010.11929, eq. 1). Parameters start as torch.nn.Conv2d's do.
/// </remarks>
public sealed class Conv2d : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly long[] _stride;

    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernel">Height and width of the window, in pixels.</param>
    /// <param name="stride">Pixels from one window to the next.</param>
    /// <param name="hasBias">Whether a bias is learnt.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    /// <param name="dtype">Their type; the default floating type by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Conv2d(
        long inChannels,
        long outChannels,
        long kernel,
        long stride = 1,
        bool hasBias = true,
        Device? device = null,
        ScalarType? dtype = null)
        : base(nameof(Conv2d))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernel);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        _stride = [stride, stride];
        weight = new Parameter(empty(outChannels, inChannels, kernel, kernel, dtype, device));
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (hasBias)
        {
            var bound = 1 / Math.Sqrt(inChannels * kernel * kernel);
            bias = new Parameter(empty(outChannels, dtype, device));
            nn.init.uniform_(bias, -bound, bound);
        }

        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.conv2d(input, weight, bias, _stride);
}
