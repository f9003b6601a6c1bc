namespace TorchSharp.Tests.BadInput;

/// <summary>A call that must be refused with a message that holds <paramref name="Fragment"/>.</summary>
internal sealed record Attempt(string Name, string Fragment, Action Call)
{
    public void MustBeRefused()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Contains(Fragment, Refusals.Of(Call).Message, StringComparison.OrdinalIgnoreCase);
    }
}
