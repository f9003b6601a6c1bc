using DasSearch.Core.Configuration;

namespace DasSearch.Transfer.Tests;

/// <summary>What is said of a method's settings that cannot be.</summary>
public sealed class OptionTests
{
    [Theory]
    [InlineData("lora", "rank", "0", "method.rank must be a whole number of at least 1, not '0'")]
    [InlineData("lora", "dropout", "1", "method.dropout must be a number of at least 0 and less than 1, not '1'")]
    [InlineData("lora", "init", "-0.5", "method.init must be a number of at least 0, not '-0.5'")]
    [InlineData("lora", "scale", "NaN", "method.scale must be a number, not 'NaN'")]
    [InlineData("lora", "alpha", "8", "method.alpha is no setting of lora, which has rank, scale, dropout, init")]
    [InlineData("adapter", "bottleneck", "many", "method.bottleneck must be a whole number of at least 1, not 'many'")]
    [InlineData("scaled-pa", "tokens", "8", "method.tokens is no setting of scaled-pa, which has bottleneck, scale")]
    [InlineData("prompt-shallow", "tokens", "0", "method.tokens must be a whole number of at least 1, not '0'")]
    [InlineData("prompt-deep", "tokens", "-3", "method.tokens must be a whole number of at least 1, not '-3'")]
    [InlineData("ssf", "rank", "4", "method.rank is no setting of ssf, which has none of its own")]
    public void Configured_WithWhatIsNoSetting_SaysWhatIs(string method, string option, string value, string message)
    {
        var config = new MethodConfig { Name = method, Options = new Dictionary<string, string> { [option] = value } };
        Assert.Equal(message, Assert.Throws<ConfigException>(() => { TransferTable.BuiltIn.Configured(config); }).Message);
    }
}
