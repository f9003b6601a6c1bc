using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices.Marshalling;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>An n-dimensional array that libtorch holds.</summary>
    /// <remarks>
    /// Belongs to the innermost <see cref="DisposeScope"/> of the thread that made it. Methods whose name ends in an
    /// underscore change this tensor and return it; the others return a fresh one. Operations follow PyTorch's
    /// documentation of the function of the same name.
    /// </remarks>
    [NativeMarshalling(typeof(TensorMarshaller))]
    public partial class Tensor : IDisposable
    {
        private static long s_total;
        private static long s_peak;

        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            var total = Interlocked.Increment(ref s_total);
            if (total > Volatile.Read(ref s_peak))
            {
                Interlocked.Exchange(ref s_peak, total);
            }

            OwningDisposeScope = DisposeScopeManager.OfThread.Register(this);
        }

        ~Tensor() => Release();

        /// <summary>How many tensors are alive in the process.</summary>
        public static long TotalCount => Interlocked.Read(ref s_total);

        public static long PeakCount => Interlocked.Read(ref s_peak);

        /// <summary>The native tensor.</summary>
        /// <exception cref="InvalidOperationException">The tensor is disposed.</exception>
        public IntPtr Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        /// <summary>A name for the reader of a log; libtorch never sees it.</summary>
        public string? name { get; set; }

        public ScalarType dtype => (ScalarType)Fact(Native.ts_dtype(Handle));

        public Device device => new(device_type, device_index);

        public DeviceType device_type => (DeviceType)Fact(Native.ts_device_type(Handle));

        public int device_index => Fact(Native.ts_device_index(Handle));

        public long Dimensions => Fact(Native.ts_dim(Handle));

        public long ndim => Dimensions;

        public long NumberOfElements => Fact(Native.ts_numel(Handle));

        public long ElementSize => Fact(Native.ts_element_size(Handle));

        public bool is_cuda => device_type == DeviceType.CUDA;

        public long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                Native.ts_sizes(Handle, sizes);
                GC.KeepAlive(this);
                return sizes;
            }
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long storage_offset() => Fact(Native.ts_storage_offset(Handle));

        public bool is_contiguous() => Fact(Native.ts_is_contiguous(Handle));

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_nonzero()
        {
            Native.ts_is_nonzero(this, out var result).Check();
            return result;
        }

        public long[] size() => shape;

        /// <exception cref="IndexOutOfRangeException"><paramref name="dim"/> is outside [-dims, dims).</exception>
        public long size(int dim) => Entry(shape, dim);

        public long[] stride()
        {
            var strides = new long[Dimensions];
            Native.ts_strides(Handle, strides);
            GC.KeepAlive(this);
            return strides;
        }

        /// <inheritdoc cref="size(int)"/>
        public long stride(int dim) => Entry(stride(), dim);

        /// <summary>Hands the tensor to the enclosing scope; without one it belongs to the caller.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of every scope: from now on the caller disposes it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public void Dispose()
        {
            if (_handle != 0)
            {
                if (OwningDisposeScope is { } scope)
                {
                    scope.MarkAsDisposed(this);
                }
                else
                {
                    DisposeScopeManager.Statistics.DisposedOutsideScopeCount++;
                }
            }

            Release();
            GC.SuppressFinalize(this);
        }

        internal void DisposeWithScope()
        {
            OwningDisposeScope = null;
            Release();
            GC.SuppressFinalize(this);
        }

        /// <summary>Whether the other is the same tensor or has the same elements.</summary>
        public bool Equals(Tensor target) => target is not null && (ReferenceEquals(this, target) || SameElements(target));

        public override bool Equals(object? obj) => obj is Tensor tensor && Equals(tensor);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

        /// <summary>Shape, element type and device, for instance <c>[2x3], type = Float32, device = cpu</c>.</summary>
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"[{string.Join('x', shape)}], type = {dtype}, device = {device}");

        internal unsafe void* DataPointer()
        {
            Native.ts_data(this, out var data).Check();
            return data;
        }

        private static long Entry(long[] values, int dim)
        {
            var i = dim < 0 ? dim + values.Length : dim;
            return i >= 0 && i < values.Length
                ? values[i]
                : throw new IndexOutOfRangeException($"Dimension {dim} is out of range for a tensor of {values.Length} dimensions.");
        }

        // Evaluates to the fact; the tensor cannot be finalized while its handle was being read.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private T Fact<T>(T value)
        {
            GC.KeepAlive(this);
            return value;
        }

        private void Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0)
            {
                return;
            }

            Interlocked.Decrement(ref s_total);
            Native.ts_dispose(handle);
        }
    }
}
