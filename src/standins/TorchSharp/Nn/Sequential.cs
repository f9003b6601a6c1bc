using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Modules one after the other: the output of one is the input of the next.</summary>
    public class Sequential : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly List<(string Name, torch.nn.Module<torch.Tensor, torch.Tensor> Module)> _layers = [];

        protected Sequential(params (string name, torch.nn.Module<torch.Tensor, torch.Tensor> submodule)[] modules)
            : base(nameof(Sequential))
        {
            ArgumentNullException.ThrowIfNull(modules);
            foreach (var (name, module) in modules)
            {
                append(name, module);
            }
        }

        protected Sequential(params torch.nn.Module<torch.Tensor, torch.Tensor>[] modules)
            : base(nameof(Sequential))
        {
            ArgumentNullException.ThrowIfNull(modules);
            foreach (var module in modules)
            {
                append(module);
            }
        }

        internal Sequential(IEnumerable<(string Name, torch.nn.Module<torch.Tensor, torch.Tensor> Module)> layers)
            : this(layers.ToArray())
        {
        }

        public int Count => _layers.Count;

        [IndexerName("SequentialItems")]
        public torch.nn.IModule<torch.Tensor, torch.Tensor> this[int index] => _layers[index].Module;

        /// <summary>Some of the layers, shared with this module.</summary>
        [IndexerName("SequentialItems")]
        public Sequential this[Range index]
        {
            get
            {
                var (start, length) = index.GetOffsetAndLength(Count);
                return new Sequential(_layers.Skip(start).Take(length));
            }
        }

        public Sequential append(torch.nn.IModule<torch.Tensor, torch.Tensor> module) =>
            append(Count.ToString(CultureInfo.InvariantCulture), module);

        /// <exception cref="ArgumentException">The layer is not a module.</exception>
        public Sequential append(string name, torch.nn.IModule<torch.Tensor, torch.Tensor> module)
        {
            ArgumentNullException.ThrowIfNull(module);
            var layer = module as torch.nn.Module<torch.Tensor, torch.Tensor>
                ?? throw new ArgumentException($"A layer must be a module, got {module.GetType().Name}.", nameof(module));
            register_module(name, layer);
            _layers.Add((name, layer));
            return this;
        }

        public override torch.Tensor forward(torch.Tensor tensor)
        {
            // Without layers the result is still the caller's to dispose, apart from the input.
            if (_layers.Count == 0)
            {
                return tensor.Given().alias();
            }

            using var scope = torch.NewDisposeScope();
            var result = tensor;
            foreach (var (_, module) in _layers)
            {
                result = module.call(result);
            }

            return result.MoveToOuterDisposeScope();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new((IEnumerable<(string, Module<Tensor, Tensor>)>)[]);

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                new((IEnumerable<(string, Module<Tensor, Tensor>)>)modules);

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
                Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            /// <summary>Layers named "0", "1", …</summary>
            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) =>
                new(modules.Select(static (module, i) => (i.ToString(CultureInfo.InvariantCulture), module)));
        }
    }
}
