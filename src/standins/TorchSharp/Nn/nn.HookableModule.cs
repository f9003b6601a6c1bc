namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose calls can be watched and changed.</summary>
        public abstract class HookableModule<TPreHook, TPostHook> : Module
        {
            private readonly SortedDictionary<long, TPreHook> _before = [];
            private readonly SortedDictionary<long, TPostHook> _after = [];
            private long _next;

            protected HookableModule(string name)
                : base(name)
            {
            }

            private protected IReadOnlyCollection<TPreHook> Before => _before.Values;

            private protected IReadOnlyCollection<TPostHook> After => _after.Values;

            /// <summary>The hook sees the input before <c>forward</c>, and may give another in its place.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook)
            {
                _before.Add(_next, hook);
                return new HookRemover(this, Key());
            }

            /// <summary>The hook sees input and output of <c>forward</c>, and may give another output.</summary>
            public HookRemover register_forward_hook(TPostHook hook)
            {
                _after.Add(_next, hook);
                return new HookRemover(this, Key());
            }

            private string Key() => (_next++).ToString(System.Globalization.CultureInfo.InvariantCulture);

            private void Remove(string key)
            {
                var number = long.Parse(key, System.Globalization.CultureInfo.InvariantCulture);
                _before.Remove(number);
                _after.Remove(number);
            }

            /// <summary>Takes one hook off again.</summary>
            public class HookRemover(HookableModule<TPreHook, TPostHook> module, string key)
            {
                public void remove() => module.Remove(key);
            }
        }
    }
}
