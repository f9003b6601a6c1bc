using DasSearch.Core;

namespace DasSearch.Transfer;

/// <summary>The transfer methods by name: a new one is one file and one line here.</summary>
public static class TransferTable
{
    /// <summary>The methods, in the order in which help lists them.</summary>
    public static IReadOnlyList<ITransferMethod> All { get; } = [new DasTransfer(), new LinearTransfer(), new FullTransfer()];

    /// <summary>The method of a name.</summary>
    /// <exception cref="DasSearchException">There is none; the message lists the names.</exception>
    public static ITransferMethod Named(string name) =>
        All.FirstOrDefault(method => method.Name == name)
        ?? throw new DasSearchException($"there is no transfer method '{name}'; the methods are {string.Join(", ", All.Select(method => method.Name))}");
}
