using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Decompositions of matrices.</summary>
    public static class linalg
    {
        /// <summary>input = U · diag(S) · Vh; U and Vh are square unless <paramref name="fullMatrices"/> is false.</summary>
        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true)
        {
            var list = Native.ts_svd(input.Given(), fullMatrices);
            return (list[0], list[1], list[2]);
        }

        public static Tensor svdvals(Tensor input) => Native.ts_svdvals(input.Given());
    }
}
