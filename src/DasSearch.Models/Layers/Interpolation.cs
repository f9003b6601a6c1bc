namespace DasSearch.Models.Layers;

/// <summary>How values between grid points are made up.</summary>
public enum Interpolation
{
    /// <summary>From the two neighbours on each axis.</summary>
    Bilinear,

    /// <summary>From four neighbours on each axis, by the cubic convolution with a = −0.75 that PyTorch uses.</summary>
    Bicubic,
}
