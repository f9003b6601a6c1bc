using System.Reflection;
using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Parameters, buffers and sub-modules under one roof.</summary>
        /// <remarks>
        /// A subclass calls <see cref="RegisterComponents"/> at the end of its constructor: fields of type
        /// <see cref="Module"/>, <see cref="Modules.Parameter"/> and <see cref="Tensor"/> become sub-modules, parameters
        /// and buffers under the fields' names. Fields of other types, lists among them, are not seen.
        /// </remarks>
        public class Module : IDisposable
        {
            private readonly string _name;
            private readonly List<KeyValuePair<string, Parameter>> _ownParameters = [];
            private readonly List<KeyValuePair<string, Tensor>> _ownBuffers = [];
            private readonly List<KeyValuePair<string, Module>> _ownModules = [];
            private bool _registered;
            private bool _disposed;

            protected Module(string name) => _name = name;

            public bool training { get; private set; } = true;

            public virtual string GetName() => _name;

            /// <summary>Sets the mode of this module and of all below it.</summary>
            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var child in children())
                {
                    child.train(train);
                }
            }

            public virtual void eval() => train(false);

            public virtual IEnumerable<(string name, Module module)> named_children() =>
                _ownModules.Select(static entry => (entry.Key, entry.Value));

            public virtual IEnumerable<Module> children() => named_children().Select(static entry => entry.module);

            /// <summary>All modules below this one: the direct ones first, then theirs, with dotted names.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var entry in named_children())
                {
                    yield return entry;
                }

                foreach (var (childName, child) in named_children())
                {
                    foreach (var (name, module) in child.named_modules())
                    {
                        yield return ($"{childName}.{name}", module);
                    }
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(static entry => entry.module);

            /// <summary>Own parameters in order of registration, then those of sub-modules; a shared one only once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach (var (name, parameter) in _ownParameters)
                {
                    if (!parameter.IsInvalid && seen.Add(parameter))
                    {
                        yield return (name, parameter);
                    }
                }

                if (!recurse)
                {
                    yield break;
                }

                foreach (var (childName, child) in named_children())
                {
                    foreach (var (name, parameter) in child.named_parameters())
                    {
                        if (seen.Add(parameter))
                        {
                            yield return ($"{childName}.{name}", parameter);
                        }
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(static entry => entry.parameter);

            public virtual bool has_parameter(string target) =>
                Find(target, static (module, name) => module.OwnParameter(name)) is not null;

            /// <summary>The parameter of that dotted name, or null.</summary>
            public virtual Parameter? get_parameter(string target) =>
                Find(target, static (module, name) => module.OwnParameter(name));

            public virtual bool has_buffer(string target) =>
                Find(target, static (module, name) => module.OwnBuffer(name)) is not null;

            /// <summary>The buffer of that dotted name, or null.</summary>
            public virtual Tensor? get_buffer(string target) =>
                Find(target, static (module, name) => module.OwnBuffer(name));

            /// <summary>Every parameter and buffer under its dotted name; the tensors are the module's own, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (name, parameter) in _ownParameters)
                {
                    destination.TryAdd(start + name, parameter);
                }

                foreach (var (name, buffer) in _ownBuffers)
                {
                    destination.TryAdd(start + name, buffer);
                }

                foreach (var (name, child) in named_children())
                {
                    child.state_dict(destination, start + name);
                }

                return destination;
            }

            /// <summary>Copies the tensors of <paramref name="source"/> into this module's.</summary>
            /// <exception cref="InvalidOperationException">Strict, and the names differ.</exception>
            /// <exception cref="ArgumentException">A tensor has another shape; nothing was copied.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(source);
                var own = state_dict();
                bool Wanted(string key) => skip is null || !skip.Contains(key);
                var missing = own.Keys.Where(key => Wanted(key) && !source.ContainsKey(key)).ToList();
                var unexpected = source.Keys.Where(key => Wanted(key) && !own.ContainsKey(key)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException(
                        $"The loaded state_dict is not identical to the target dictionary: missing [{string.Join(", ", missing)}], "
                        + $"unexpected [{string.Join(", ", unexpected)}].");
                }

                var shared = own.Where(entry => Wanted(entry.Key) && source.ContainsKey(entry.Key)).ToList();
                foreach (var (key, target) in shared)
                {
                    if (!target.shape.SequenceEqual(source[key].Given().shape))
                    {
                        throw new ArgumentException($"state_dict entry '{key}': expected {target}, got {source[key]}.", nameof(source));
                    }
                }

                using var unrecorded = no_grad();
                foreach (var (key, target) in shared)
                {
                    target.copy_(source[key]);
                }

                return (missing, unexpected);
            }

            /// <summary>Calls the function with every module below this one, and last with this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                ArgumentNullException.ThrowIfNull(fn);
                foreach (var child in children())
                {
                    child.apply(fn);
                }

                fn(this);
                return this;
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Adds a sub-module; null takes the one of that name away.</summary>
            /// <exception cref="ArgumentException">The name is empty or holds a dot.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_module(string name, Module? submodule)
            {
                if (submodule is null)
                {
                    _ownModules.RemoveAll(entry => entry.Key == name);
                    return;
                }

                ArgumentException.ThrowIfNullOrEmpty(name);
                if (name.Contains('.', StringComparison.Ordinal))
                {
                    throw new ArgumentException($"module name can't contain \".\", got: {name}", nameof(name));
                }

                if (_ownModules.Exists(entry => entry.Key == name))
                {
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");
                }

                submodule.RegisterComponents();
                _ownModules.Add(new(name, submodule));
            }

            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                param.Given();
                if (OwnParameter(name) is not null)
                {
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
                }

                _ownParameters.Add(new(name, param));
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed)
                {
                    return;
                }

                _disposed = true;
                _ownParameters.ForEach(static entry => entry.Value.Dispose());
                _ownBuffers.ForEach(static entry => entry.Value.Dispose());
                _ownModules.ForEach(static entry => entry.Value.Dispose());
            }

            /// <summary>Registers the fields; a second call does nothing.</summary>
            protected virtual void RegisterComponents()
            {
                if (_registered)
                {
                    return;
                }

                _registered = true;
                const BindingFlags own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
                foreach (var field in GetType().GetFields(own))
                {
                    if (Taken(field.Name))
                    {
                        continue;
                    }

                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(field.Name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(field.Name, parameter);
                            break;
                        case Tensor buffer:
                            _ownBuffers.Add(new(field.Name, buffer));
                            break;
                    }
                }
            }

            protected void ClearModules() => _ownModules.Clear();

            // For modules of this library: their parameters go by public names, so their fields are not looked at.
            private protected void SetParameter(string name, Parameter? value)
            {
                _registered = true;
                var place = _ownParameters.FindIndex(entry => entry.Key == name);
                if (value is null)
                {
                    _ownParameters.RemoveAll(entry => entry.Key == name);
                }
                else if (place >= 0)
                {
                    // In its old place: a new weight does not move behind the bias.
                    _ownParameters[place] = new(name, value);
                }
                else
                {
                    _ownParameters.Add(new(name, value));
                }
            }

            private Parameter? OwnParameter(string name) => _ownParameters.Find(entry => entry.Key == name).Value;

            private Tensor? OwnBuffer(string name) => _ownBuffers.Find(entry => entry.Key == name).Value;

            private bool Taken(string name) =>
                OwnParameter(name) is not null || OwnBuffer(name) is not null || _ownModules.Exists(entry => entry.Key == name);

            private T? Find<T>(string target, Func<Module, string, T?> own)
                where T : class
            {
                ArgumentNullException.ThrowIfNull(target);
                if (own(this, target) is { } found)
                {
                    return found;
                }

                var dot = target.IndexOf('.', StringComparison.Ordinal);
                var child = dot < 0 ? null : _ownModules.Find(entry => entry.Key == target[..dot]).Value;
                return child?.Find(target[(dot + 1)..], own);
            }
        }
    }
}
