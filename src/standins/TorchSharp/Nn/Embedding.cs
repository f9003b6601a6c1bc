using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Rows of a table: whole numbers [*] to [*, width].</summary>
    public sealed class Embedding : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly EmbeddingSettings _settings;
        private Parameter _weight;

        internal Embedding(Parameter weight, EmbeddingSettings settings)
            : base(nameof(Embedding))
        {
            _weight = weight;
            _settings = settings;
            SetParameter(nameof(this.weight), weight);
        }

        /// <summary>[rows, width].</summary>
        public Parameter weight
        {
            get => _weight;
            set
            {
                value.Given();
                _weight = value;
                SetParameter(nameof(weight), value);
            }
        }

        public override torch.Tensor forward(torch.Tensor input)
        {
            if (_settings.MaxNorm is { } limit)
            {
                Native.ts_embedding_renorm_(_weight, input.Given(), limit, _settings.NormType).Check();
            }

            return Native.ts_embedding(
                _weight, input.Given(), _settings.PaddingIndex ?? -1, _settings.ScaleGradByFreq, _settings.Sparse);
        }
    }
}

namespace TorchSharp.Interop
{
    internal readonly record struct EmbeddingSettings(
        long? PaddingIndex, double? MaxNorm, double NormType, bool ScaleGradByFreq, bool Sparse);
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A table of standard normal numbers; the padding row is zero and is never trained.</summary>
            /// <exception cref="ArgumentOutOfRangeException">The padding row lies outside the table.</exception>
            public static Embedding Embedding(
                long num_embeddings,
                long embedding_dims,
                long? padding_idx = null,
                double? max_norm = null,
                double norm_type = 2,
                bool scale_grad_by_freq = false,
                bool sparse = false,
                Device? device = null,
                ScalarType? dtype = null)
            {
                var settings = new EmbeddingSettings(
                    Row(padding_idx, num_embeddings), max_norm, norm_type, scale_grad_by_freq, sparse);
                var weight = new Parameter(empty(num_embeddings, embedding_dims, dtype, device));
                init.normal_(weight);
                if (settings.PaddingIndex is { } row)
                {
                    using var unrecorded = no_grad();
                    using var padding = weight.select(0, row);
                    padding.zero_();
                }

                return new Embedding(weight, settings);
            }

            /// <summary>A table that is given: [rows, width].</summary>
            public static Embedding Embedding_from_pretrained(
                Tensor embeddings,
                bool freeze = true,
                long? padding_idx = null,
                double? max_norm = null,
                double norm_type = 2,
                bool scale_grad_by_freq = false,
                bool sparse = false,
                Device? device = null,
                ScalarType? dtype = null)
            {
                using var table = as_tensor(embeddings, dtype, device);
                var settings = new EmbeddingSettings(
                    Row(padding_idx, table.size(0)), max_norm, norm_type, scale_grad_by_freq, sparse);
                return new Embedding(new Parameter(table, !freeze), settings);
            }

            private static long? Row(long? padding, long rows)
            {
                if (padding is not { } row)
                {
                    return null;
                }

                return row >= -rows && row < rows
                    ? (row + rows) % rows
                    : throw new ArgumentOutOfRangeException(
                        nameof(padding), row, $"The padding row must be one of the {rows} rows of the table.");
            }
        }
    }
}
