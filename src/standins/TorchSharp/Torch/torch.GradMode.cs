using TorchSharp.Interop;

namespace TorchSharp;

// Whether operations of this thread are recorded for gradients.
public static partial class torch
{
    public static bool is_grad_enabled() => Native.ts_grad_enabled();

    public static bool is_inference_mode_enabled() => Native.ts_inference_enabled();

    /// <summary>Records nothing until disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    /// <summary>As <see cref="no_grad"/>, and what is made in it can never take part in a graph.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = Native.ts_grad_enabled();
        private bool _over;

        internal GradMode(bool enabled) => Native.ts_set_grad_enabled(enabled);

        public void Dispose()
        {
            if (!_over)
            {
                _over = true;
                Native.ts_set_grad_enabled(_before);
            }
        }
    }

    private sealed class InferenceMode : IDisposable
    {
        private nint _guard;

        internal InferenceMode(bool enabled) => Native.ts_inference_enter(enabled, out _guard).Check();

        public void Dispose()
        {
            var guard = Interlocked.Exchange(ref _guard, 0);
            if (guard != 0)
            {
                Native.ts_inference_leave(guard);
            }
        }
    }
}
