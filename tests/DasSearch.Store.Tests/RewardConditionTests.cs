using DasSearch.Core;
using DasSearch.Store.Rewards;
using FsCheck;
using FsCheck.Fluent;

namespace DasSearch.Store.Tests;

/// <summary>The language of conditions on rewards.</summary>
public sealed class RewardConditionTests
{
    [Theory]
    [InlineData("n_skipped")]
    [InlineData("n_skipped >")]
    [InlineData("> 20")]
    [InlineData("n_skipped >> 20")]
    [InlineData("n_skipped => 20")]
    [InlineData("gate > null")]
    [InlineData("")]
    public void Parse_NoCondition_IsRefused(string text) =>
        Assert.IsAssignableFrom<UsageException>(Assert.Throws<RewardQueryException>(() => RewardCondition.Parse(text)));

    [Fact]
    public void Parse_AnyValueInQuotationMarks_ComesBackAsItIs() => Prop.ForAll<NonNull<string>, bool>((value, isSingle) =>
    {
        var mark = isSingle ? '\'' : '"';
        return RewardCondition.Parse($" name  !={mark}{value.Get}{mark} ") == new RewardCondition("name", RewardComparison.NotEqual, value.Get);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_AnyText_IsAConditionOrIsRefused() => Prop.ForAll<NonNull<string>>(text =>
    {
        try
        {
            return RewardCondition.Parse(text.Get).Column.Length > 0;
        }
        catch (RewardQueryException refused)
        {
            return refused.Message.Contains(SingleLine.Of(text.Get), StringComparison.Ordinal);
        }
    }).QuickCheckThrowOnFailure();
}
