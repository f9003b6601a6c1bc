using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// Generators and draws (native/random.cpp).
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial void ts_generator_dispose(nint self);

    [LibraryImport(Library)]
    internal static partial Status ts_generator_default(out nint result);

    [LibraryImport(Library)]
    internal static partial Status ts_generator_new(ulong seed, int deviceType, int deviceIndex, out nint result);

    [LibraryImport(Library)]
    internal static partial long ts_generator_initial_seed(Generator self);

    [LibraryImport(Library)]
    internal static partial Status ts_generator_manual_seed(Generator self, long seed);

    [LibraryImport(Library)]
    internal static partial Status ts_generator_seed(Generator self, out long seed);

    [LibraryImport(Library)]
    internal static partial Tensor ts_generator_get_state(Generator self);

    [LibraryImport(Library)]
    internal static partial Status ts_generator_set_state(Generator self, Tensor state);

    [LibraryImport(Library)]
    internal static partial Status ts_manual_seed(long seed);

    [LibraryImport(Library)]
    internal static partial Tensor ts_rand(ReadOnlySpan<long> sizes, int count, Generator? source, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_randn(
        ReadOnlySpan<long> sizes, int count, Generator? source, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_randint(
        long low, long high, ReadOnlySpan<long> sizes, int count, Generator? source, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_randperm(long n, Generator? source, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_normal(Tensor mean, Tensor std, Generator? source);

    [LibraryImport(Library)]
    internal static partial Tensor ts_multinomial(Tensor self, long samples, Flag replacement, Generator? source);

    [LibraryImport(Library)]
    internal static partial Tensor ts_bernoulli(Tensor self, Generator? source);

    [LibraryImport(Library)]
    internal static partial Status ts_bernoulli_(Tensor self, double p, Generator? source);

    [LibraryImport(Library)]
    internal static partial Status ts_bernoulli_each_(Tensor self, Tensor p, Generator? source);

    [LibraryImport(Library)]
    internal static partial Status ts_normal_(Tensor self, double mean, double std, Generator? source);

    [LibraryImport(Library)]
    internal static partial Status ts_uniform_(Tensor self, double from, double to, Generator? source);

    [LibraryImport(Library)]
    internal static partial Status ts_exponential_(Tensor self, double lambda, Generator? source);

    [LibraryImport(Library)]
    internal static partial Status ts_random_(Tensor self, long from, long to, Generator? source);
}
