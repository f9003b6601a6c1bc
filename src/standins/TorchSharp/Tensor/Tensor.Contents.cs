using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    // The elements as .NET sees them; only for tensors in the computer's own memory.
    public partial class Tensor
    {
        /// <summary>The raw bytes of a contiguous tensor, in place; the way to and from spans of any element type.</summary>
        /// <remarks>The span is valid as long as the tensor is.</remarks>
        /// <exception cref="NotImplementedException">The tensor is not contiguous.</exception>
        /// <exception cref="InvalidOperationException">The tensor lies on another device.</exception>
        /// <exception cref="ArgumentException">The value's length is not the tensor's, or exceeds what a span can hold.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous())
                {
                    throw new NotImplementedException($"bytes of a tensor that is not contiguous: call contiguous() first ({this}).");
                }

                RequireOwnMemory();
                var length = NumberOfElements * ElementSize;
                return length <= int.MaxValue
                    ? new Span<byte>(DataPointer(), (int)length)
                    : throw new ArgumentException($"A span holds at most {int.MaxValue} bytes, the tensor has {length}.");
            }

            set
            {
                var target = bytes;
                if (value.Length != target.Length)
                {
                    throw new ArgumentException($"Mismatched data sizes: the tensor has {target.Length} bytes, got {value.Length}.");
                }

                value.CopyTo(target);
            }
        }

        /// <summary>A view of the elements.</summary>
        /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the type of the elements.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireOwnMemory();
            if (ScalarTypes.Of(typeof(T)) != dtype)
            {
                throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}.");
            }

            return new TensorAccessor<T>(this);
        }

        /// <summary>The one element of the tensor.</summary>
        /// <exception cref="ArgumentException">There is not exactly one element, or it is of another type.</exception>
        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1)
            {
                throw new ArgumentException($"Number of elements in the tensor must be 1, got {NumberOfElements}.");
            }

            return data<T>()[0];
        }

        public Scalar ToScalar()
        {
            Native.ts_item(this, out var value).Check();
            return new Scalar(value, dtype);
        }

        private void RequireOwnMemory()
        {
            if (device_type != DeviceType.CPU)
            {
                throw new InvalidOperationException($"The tensor lies on {device}: move it with cpu() before reading.");
            }
        }
    }
}
