using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Sub-modules by name, in the order in which they were added.</summary>
    public class ModuleDict<T> : torch.nn.Module, IEnumerable<(string, T)>
        where T : torch.nn.Module
    {
        private readonly List<(string Key, T Value)> _entries = [];

        public ModuleDict()
            : base(nameof(ModuleDict<T>))
        {
        }

        public int Count => _entries.Count;

        public ICollection<string> Keys => [.. keys()];

        public ICollection<T> Values => [.. values()];

        /// <exception cref="KeyNotFoundException">There is no such module.</exception>
        public T this[string key]
        {
            get => TryGetValue(key, out var value)
                ? value
                : throw new KeyNotFoundException($"No module '{key}' among [{string.Join(", ", keys())}].");
            set
            {
                var i = _entries.FindIndex(entry => entry.Key == key);
                if (i < 0)
                {
                    Add(key, value);
                    return;
                }

                register_module(key, null);
                register_module(key, value);
                _entries[i] = (key, value);
            }
        }

        public IEnumerable<string> keys() => _entries.Select(static entry => entry.Key);

        public IEnumerable<T> values() => _entries.Select(static entry => entry.Value);

        public IEnumerator<(string, T)> items() => GetEnumerator();

        public bool ContainsKey(string key) => _entries.Exists(entry => entry.Key == key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
        {
            value = _entries.Find(entry => entry.Key == key).Value;
            return value is not null;
        }

        public void Add((string, T) item) => Add(item.Item1, item.Item2);

        /// <exception cref="InvalidOperationException">The name is taken.</exception>
        public void Add(string key, T value)
        {
            ArgumentNullException.ThrowIfNull(value);
            register_module(key, value);
            _entries.Add((key, value));
        }

        public bool Remove(string key)
        {
            register_module(key, null);
            return _entries.RemoveAll(entry => entry.Key == key) > 0;
        }

        public void Clear()
        {
            ClearModules();
            _entries.Clear();
        }

        public void clear() => Clear();

        public IEnumerator<(string, T)> GetEnumerator() => _entries.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules)
                where T : Module
            {
                ArgumentNullException.ThrowIfNull(modules);
                var result = new ModuleDict<T>();
                foreach (var entry in modules)
                {
                    result.Add(entry);
                }

                return result;
            }

            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);
        }
    }
}
