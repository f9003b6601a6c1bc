using System.Runtime.InteropServices.Marshalling;

namespace TorchSharp.Interop;

/// <summary>Passes tensors as their handles, and keeps them alive until the native call has returned.</summary>
[CustomMarshaller(typeof(torch.Tensor), MarshalMode.ManagedToUnmanagedIn, typeof(In))]
[CustomMarshaller(typeof(torch.Tensor), MarshalMode.ManagedToUnmanagedOut, typeof(Out))]
internal static class TensorMarshaller
{
    internal ref struct In
    {
        private torch.Tensor? _tensor;

        /// <exception cref="ArgumentNullException">A tensor is missing where one is required.</exception>
        public void FromManaged(torch.Tensor? tensor) =>
            _tensor = tensor ?? throw new ArgumentNullException(nameof(tensor), "A tensor is required here, got null.");

        public readonly nint ToUnmanaged() => _tensor!.Handle;

        // Without this use the garbage collector could finalize the tensor while libtorch still reads it.
        public readonly void Free() => GC.KeepAlive(_tensor);
    }

    internal static class Out
    {
        public static torch.Tensor ConvertToManaged(nint handle) => new(LastError.Unless(handle));
    }
}

/// <summary>As <see cref="TensorMarshaller"/>, for arguments that may be left out.</summary>
[CustomMarshaller(typeof(torch.Tensor), MarshalMode.ManagedToUnmanagedIn, typeof(In))]
internal static class OptionalTensorMarshaller
{
    internal ref struct In
    {
        private torch.Tensor? _tensor;

        public void FromManaged(torch.Tensor? tensor) => _tensor = tensor;

        public readonly nint ToUnmanaged() => _tensor is null ? 0 : _tensor.Handle;

        public readonly void Free() => GC.KeepAlive(_tensor);
    }
}
