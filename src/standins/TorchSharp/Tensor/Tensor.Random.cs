using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Draws that overwrite or depend on this tensor; without a generator, from the default one.
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Native.ts_bernoulli(this, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Done(Native.ts_bernoulli_(this, p, generator));

        public Tensor bernoulli_(Tensor p, Generator? generator = null) =>
            Done(Native.ts_bernoulli_each_(this, p.Given(), generator));

        /// <summary>Indices drawn with probability proportional to the rows' weights: [samples] or [rows, samples].</summary>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Native.ts_multinomial(this, num_samples, replacement, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Done(Native.ts_normal_(this, mean, std, generator));

        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Done(Native.ts_uniform_(this, from, to, generator));

        public Tensor exponential_(double lambda = 1, Generator? generator = null) =>
            Done(Native.ts_exponential_(this, lambda, generator));

        /// <summary>Whole numbers from [from, to).</summary>
        public Tensor random_(double from, double to, Generator? generator = null) =>
            Done(Native.ts_random_(this, (long)from, (long)to, generator));
    }
}
