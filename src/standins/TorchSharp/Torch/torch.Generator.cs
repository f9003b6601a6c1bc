using System.Runtime.InteropServices.Marshalling;
using TorchSharp.Interop;

namespace TorchSharp;

// Sources of random numbers.
public static partial class torch
{
    /// <summary>Seeds the default generators of all devices.</summary>
    /// <returns>The CPU's.</returns>
    public static Generator manual_seed(long seed)
    {
        Native.ts_manual_seed(seed).Check();
        return Generator.Default;
    }

    /// <summary>Seeds the default generator with a number from the system, and returns it.</summary>
    public static long seed()
    {
        using var generator = Generator.Default;
        return generator.seed();
    }

    public static long initial_seed()
    {
        using var generator = Generator.Default;
        return generator.initial_seed();
    }

    public static Tensor get_rng_state()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using var generator = Generator.Default;
        generator.set_state(new_state);
    }

    /// <summary>A stream of random numbers of its own.</summary>
    [NativeMarshalling(typeof(GeneratorMarshaller))]
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            Native.ts_generator_new(seed, (int)this.device.type, this.device.index, out _handle).Check();
        }

        private Generator(nint handle)
        {
            device = CPU;
            _handle = handle;
        }

        ~Generator() => Dispose(false);

        /// <summary>The generator that draws use when none is given.</summary>
        public static Generator Default
        {
            get
            {
                Native.ts_generator_default(out var handle).Check();
                return new Generator(handle);
            }
        }

        public Device device { get; }

        /// <exception cref="InvalidOperationException">The generator is disposed.</exception>
        public IntPtr Handle =>
            _handle != 0 ? _handle : throw new InvalidOperationException("Generator invalid -- empty handle.");

        public Generator manual_seed(long seed)
        {
            Native.ts_generator_manual_seed(this, seed).Check();
            return this;
        }

        public long seed()
        {
            Native.ts_generator_seed(this, out var seed).Check();
            return seed;
        }

        public long initial_seed() => Native.ts_generator_initial_seed(this);

        /// <summary>The whole state as bytes: [size], of type Byte.</summary>
        public Tensor get_state() => Native.ts_generator_get_state(this);

        public void set_state(Tensor value) => Native.ts_generator_set_state(this, value.Given()).Check();

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
            {
                Native.ts_generator_dispose(handle);
            }
        }
    }

    /// <summary>The same under the name of PyTorch's module.</summary>
    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long seed() => torch.seed();

        public static long initial_seed() => torch.initial_seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
