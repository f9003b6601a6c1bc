using System.Runtime.InteropServices.Marshalling;

namespace TorchSharp.Interop;

/// <summary>Receives a native list of tensors; an undefined entry becomes null.</summary>
[CustomMarshaller(typeof(torch.Tensor[]), MarshalMode.ManagedToUnmanagedOut, typeof(TensorArrayMarshaller))]
internal static class TensorArrayMarshaller
{
    public static torch.Tensor[] ConvertToManaged(nint list)
    {
        LastError.Unless(list);
        try
        {
            var tensors = new torch.Tensor[Native.ts_list_length(list)];
            for (var i = 0; i < tensors.Length; i++)
            {
                Native.ts_list_item(list, i, out var handle).Check();
                tensors[i] = handle == 0 ? null! : new torch.Tensor(handle);
            }

            return tensors;
        }
        finally
        {
            Native.ts_free_list(list);
        }
    }
}
