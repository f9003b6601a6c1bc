using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One entry between the brackets of <c>x[…]</c>.</summary>
    public struct TensorIndex
    {
        private const int HasStart = 1;
        private const int HasStop = 2;
        private const int HasStep = 4;

        private NativeIndex.Form _form;
        private int _given;
        private long _start;
        private long _stop;
        private long _step;
        private Tensor? _tensor;

        /// <summary>As many whole dimensions as the other entries leave.</summary>
        public static readonly TensorIndex Ellipsis = new() { _form = NativeIndex.Form.Ellipsis };

        /// <summary>A new dimension of size 1.</summary>
        public static readonly TensorIndex None = new() { _form = NativeIndex.Form.None };

        public static readonly TensorIndex Null = None;

        /// <summary>A whole dimension.</summary>
        public static readonly TensorIndex Colon = Slice();

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex((int?, int?) range) => Slice(range);

        public static TensorIndex Single(long? index) => index is { } i
            ? new() { _form = NativeIndex.Form.Single, _start = i }
            : None;

        public static TensorIndex Bool(bool value) => new() { _form = NativeIndex.Form.Bool, _start = value ? 1 : 0 };

        public static TensorIndex Tensor(Tensor tensor) => new() { _form = NativeIndex.Form.Tensor, _tensor = tensor.Given() };

        public static TensorIndex Slice((int?, int?) range) => Slice(range.Item1, range.Item2);

        public static TensorIndex Slice(Range range) => Slice(
            Position(range.Start),
            range.End.Equals(Index.End) ? null : Position(range.End));

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new()
        {
            _form = NativeIndex.Form.Slice,
            _given = (start.HasValue ? HasStart : 0) | (stop.HasValue ? HasStop : 0) | (step.HasValue ? HasStep : 0),
            _start = start.GetValueOrDefault(),
            _stop = stop.GetValueOrDefault(),
            _step = step.GetValueOrDefault(),
        };

        /// <summary>The entries as the native half takes them; the caller keeps <paramref name="indices"/> alive.</summary>
        internal static NativeIndex[] ToNative(TensorIndex[] indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            return Array.ConvertAll(
                indices,
                static i => new NativeIndex(i._form, i._given, i._start, i._stop, i._step, i._tensor is null ? 0 : i._tensor.Handle));
        }

        internal static TensorIndex[] FromTensors(Tensor[] indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            return Array.ConvertAll(indices, Tensor);
        }

        private static long Position(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
