using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Limits on gradients, between <c>backward</c> and <c>step</c>.</summary>
        public static class utils
        {
            /// <summary>Scales all gradients so that their common norm is at most <paramref name="max_norm"/>.</summary>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                var list = new TensorList(tensors, nameof(tensors));
                var status = Native.ts_clip_grad_norm(list.Handles, list.Count, max_norm, norm_type, out var total);
                GC.KeepAlive(list);
                status.Check();
                return total;
            }

            /// <summary>Limits every element of every gradient to ±<paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                var list = new TensorList(tensors, nameof(tensors));
                var status = Native.ts_clip_grad_value(list.Handles, list.Count, clip_value);
                GC.KeepAlive(list);
                status.Check();
            }
        }
    }
}
