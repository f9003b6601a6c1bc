using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Transfer.Tests;

/// <summary>A case of the oracle, oracle/transfer_oracle.py: a ViLT, a method's parameters and an input; built as das does, with those weights.</summary>
internal sealed class OracleCase : IDisposable
{
    private readonly Checkpoint _file;
    private readonly IBackbone _backbone;
    private readonly Subnetwork _skipped;

    /// <param name="file">The case.</param>
    /// <param name="method">The method, if not the one that the case is for.</param>
    internal OracleCase(string file, string? method = null)
    {
        _file = CheckpointFile.Read(file);
        Method = TransferTable.BuiltIn.Named(method ?? _file.Metadata["method"]);
        var (ids, images) = (_file.Tensors["input.ids"], _file.Tensors["input.images"]);
        var blocks = _file.Tensors.Keys.Where(static name => name.StartsWith("transformer.blocks.", StringComparison.Ordinal))
            .Max(static name => int.Parse(name.Split('.')[2])) + 1;
        _skipped = Subnetwork.Parse(_file.Metadata["skip"] is { Length: > 0 } skip ? skip : "-", blocks);
        var number = int.Parse(_file.Metadata["image_number"]);
        Input = new BackboneInput(
            ids,
            _file.Tensors["input.mask"].to(ScalarType.Bool),
            images,
            _file.Tensors.GetValueOrDefault("input.pixel_mask")?.to(ScalarType.Bool),
            number);
        _backbone = BackboneTable.BuiltIn.Named("vilt").Load(new BackboneRequest
        {
            Input = new InputShape((int)Size("text_embeddings.word_embeddings.weight", 0), (int)ids.size(1), (int)images.size(2), (int)images.size(3), (int)Size("token_type_embeddings.weight", 0) - 1),
            Checkpoint = Path.GetFullPath(file),
        }).Backbone;
        _backbone.Network.eval();
        Attached = Method.AttachWhole(new AttachRequest(_backbone, Settings(), CPU, Enumerable.Repeat(Input, 1)));
        Attached.Module?.eval();
        Load();
    }

    internal ITransferMethod Method { get; }

    internal BackboneInput Input { get; }

    internal Attached Attached { get; }

    internal Features Run(FeatureKind wanted) => _backbone.Run(Input, _skipped, Attached.Attachments, wanted);

    /// <summary>The same once merged.</summary>
    internal Features RunMerged(FeatureKind wanted)
    {
        var left = Attached.Merge(_backbone);
        return _backbone.Run(Input, _skipped, left, wanted);
    }

    /// <summary>The gradient of every parameter under (summary · upstream).sum(); null for none.</summary>
    internal IReadOnlyDictionary<string, Tensor?> Gradients()
    {
        var parameters = _backbone.Network.named_parameters().Select(static entry => (Name: entry.name, entry.parameter))
            .Concat(Attached.Parameters.Select(static entry => (Name: entry.Key, parameter: entry.Value))).ToList();
        (Run(FeatureKind.Summary).Summary! * _file.Tensors["input.upstream"]).sum().backward();
        return parameters.ToDictionary(static entry => entry.Name, static entry => entry.parameter.grad, StringComparer.Ordinal);
    }

    public void Dispose()
    {
        Attached.Dispose();
        _backbone.Dispose();
    }

    private long Size(string name, int dimension) => _file.Tensors[name].size(dimension);

    // Every size is read off the parameters; the rest are the options of the case.
    private TransferSettings Settings()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (option, end, dimension) in new (string, string, int)[]
        {
            ("tokens", "prompts.0", 0), ("tokens", ".prompts", 0), ("tokens", ".mm_tokens", 0), ("rank", ".lora_A.query.weight", 0), ("rank", ".mm.0.weight", 0),
            ("bottleneck", ".adapter_mlp.down_proj.weight", 0), ("bottleneck", ".attn.adapter.down_proj.weight", 0), ("bottleneck", ".pia.conv_A.weight", 0), ("bottleneck", ".lavin.conv_A.weight", 0), ("bottleneck", ".eas.conv_A.weight", 0), ("bottleneck", ".adapter_down.weight", 0),
            ("channels", ".channels", 0),
        })
        {
            if (Any(end) is { } tensor)
            {
                found[option] = tensor.size(dimension).ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        if (Any("ttc.weight") is not null)
        {
            found["bias"] = Any("ttc.bias") is null ? "false" : "true";
        }

        foreach (var option in JsonDocument.Parse(_file.Metadata["options"]).RootElement.EnumerateObject())
        {
            found[option.Name] = option.Value.ToString().ToLowerInvariant();
        }

        found["class_token"] = Any("token4classifier") is null ? "false" : "true";
        var known = Method.Options.Select(static option => option.Name).ToHashSet(StringComparer.Ordinal);
        return new TransferSettings
        {
            Absent = _skipped,
            Options = found.Where(option => known.Contains(option.Key)).ToDictionary(StringComparer.Ordinal),
            Adapters = new AdapterConfig
            {
                Replacement = Starting("adapter_list.") is not null ? "das" : Starting("pia_list.") is not null ? "pia" : "none",
                SkipBottleneck = (int)((Starting("adapter_list.") ?? Starting("pia_list."))?.size(0) ?? 1),
                ParallelBottleneck = (int)(Any(".adapter0.down_proj.weight")?.size(0) ?? 1),
            },
        };
    }

    private Tensor? Any(string end) => _file.Tensors.FirstOrDefault(entry => entry.Key.EndsWith(end, StringComparison.Ordinal)).Value;

    private Tensor? Starting(string start) => _file.Tensors.FirstOrDefault(entry =>
        entry.Key.StartsWith(start, StringComparison.Ordinal)
        && (entry.Key.EndsWith("down_proj.weight", StringComparison.Ordinal) || entry.Key.EndsWith("conv_A.weight", StringComparison.Ordinal))).Value;

    // Every tensor of the case is the backbone's, an input, at a block that is skipped, or one that the method has.
    private void Load()
    {
        using var unrecorded = no_grad();
        var own = Attached.Parameters.Select(static entry => (entry.Key, (Tensor)entry.Value)).Concat(Attached.Constants.Select(static entry => (entry.Key, entry.Value)))
            .ToDictionary(static entry => entry.Key, static entry => entry.Item2, StringComparer.Ordinal);
        var backbone = _backbone.Network.named_parameters().Select(static entry => entry.name).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(
            _file.Tensors.Keys.Where(name => !backbone.Contains(name) && !name.StartsWith("input.", StringComparison.Ordinal)
                && !_skipped.Skipped.Any(block => name.StartsWith($"transformer.blocks.{block}.", StringComparison.Ordinal))).Order(StringComparer.Ordinal),
            own.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in own)
        {
            Assert.Equal(_file.Tensors[name].shape, tensor.shape);
            tensor.copy_(_file.Tensors[name]);
        }
    }
}
