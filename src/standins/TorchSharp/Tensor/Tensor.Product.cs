using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Products of vectors and matrices.
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Native.ts_matmul(this, target.Given());

        public Tensor mm(Tensor target) => Native.ts_mm(this, target.Given());

        public Tensor bmm(Tensor batch2) => Native.ts_bmm(this, batch2.Given());

        public Tensor mv(Tensor target) => Native.ts_mv(this, target.Given());

        public Tensor dot(Tensor target) => Native.ts_dot(this, target.Given());

        public Tensor outer(Tensor vec2) => Native.ts_outer(this, vec2.Given());

        /// <summary>beta · this + alpha · mat1 · mat2.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Native.ts_addmm(this, mat1.Given(), mat2.Given(), beta, alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Native.ts_baddbmm(this, batch1.Given(), batch2.Given(), beta, alpha);
    }
}
