using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;

namespace DasSearch.Transfer;

/// <summary>Transfer methods by name. A new one is one file and one line in <see cref="BuiltIn"/>; others are passed in.</summary>
/// <param name="methods">The methods, in the order in which help lists them.</param>
public sealed class TransferTable(params IReadOnlyList<ITransferMethod> methods)
{
    /// <summary>Those that come with the tool.</summary>
    public static TransferTable BuiltIn { get; } = new(
        new DasTransfer(),
        new LoraTransfer(),
        new AdapterTransfer(),
        new ScaledParallelTransfer(),
        new PromptShallowTransfer(),
        new PromptDeepTransfer(),
        new SsfTransfer(),
        new AptTransfer(),
        new TtcTransfer(),
        new PiaTransfer(),
        new LavinTransfer(),
        new LavinTextTransfer(),
        new LlavaTransfer(),
        new EasTransfer(),
        new LayerNormTransfer(),
        new BitFitTransfer(),
        new LinearTransfer(),
        new FullTransfer());

    /// <summary>The methods, in the order in which help lists them.</summary>
    public IReadOnlyList<ITransferMethod> All => methods;

    /// <summary>The method of a name.</summary>
    /// <exception cref="DasSearchException">There is none; the message lists the names.</exception>
    public ITransferMethod Named(string name) =>
        methods.FirstOrDefault(method => method.Name == name)
        ?? throw new DasSearchException($"there is no transfer method '{name}'; the methods are {string.Join(", ", methods.Select(method => method.Name))}");

    /// <summary>The method of a configuration.</summary>
    /// <exception cref="ConfigException">There is none, or it does not know a setting; the message lists what there is.</exception>
    public ITransferMethod Configured(MethodConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var method = methods.FirstOrDefault(method => method.Name == config.Name)
            ?? throw new ConfigException("method.name", $"must be {string.Join(" or ", methods.Select(method => method.Name))}, not '{config.Name}'");
        foreach (var (key, value) in config.Options)
        {
            var option = method.Options.FirstOrDefault(option => option.Name == key) ?? throw new ConfigException(
                "method." + key,
                $"is no setting of {method.Name}, which has {(method.Options.Count > 0 ? string.Join(", ", method.Options.Select(static option => option.Name)) : "none of its own")}");
            option.Check(value);
        }

        return method;
    }
}

/// <summary>What networks can be made of.</summary>
public sealed record PartTables(BackboneTable Backbones, TransferTable Methods)
{
    /// <summary>What comes with the tool.</summary>
    public static PartTables BuiltIn { get; } = new(BackboneTable.BuiltIn, TransferTable.BuiltIn);
}
