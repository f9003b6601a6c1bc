using TorchSharp.Interop;

namespace TorchSharp;

// Products and draws, called as torch.f(x, y).
public static partial class torch
{
    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) =>
        input.Given().addmm(mat1, mat2, beta, alpha);

    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
        input.Given().baddbmm(batch1, batch2, beta, alpha);

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.Given().bernoulli(generator);

    public static Tensor bmm(Tensor input, Tensor batch2) => input.Given().bmm(batch2);

    public static Tensor dot(Tensor input, Tensor other) => input.Given().dot(other);

    public static Tensor matmul(Tensor input, Tensor target) => input.Given().matmul(target);

    public static Tensor mm(Tensor input, Tensor target) => input.Given().mm(target);

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        input.Given().multinomial(num_samples, replacement, generator);

    public static Tensor mv(Tensor input, Tensor target) => input.Given().mv(target);

    public static Tensor outer(Tensor input, Tensor vec2) => input.Given().outer(vec2);
}
