namespace DasSearch.Formats.Tests;

/// <summary>Weights under others' names.</summary>
public sealed class NameTableTests
{
    private static readonly NameTable _table = new(
    [
        new NameRule("bert", ""),
        new NameRule("layer.*.query", "blocks.*.qk") { Parts = 2 },
        new NameRule("layer.*.key", "blocks.*.qk") { Parts = 2, Part = 1 },
        new NameRule("norm", "transformer.norm"),
    ]);

    [Fact]
    public void Translate_NamesOfOthers_AreTheOfficialOnes()
    {
        var file = Translated(("norm.weight", 1), ("bert.pooler.bias", 2), ("normal.weight", 3), ("layer.x.query.weight", 4), ("other", 5));
        Assert.Equal(["transformer.norm.weight", "pooler.bias", "normal.weight", "layer.x.query.weight", "other"], file.Tensors.Keys);
        Assert.All(file.Tensors, entry => Assert.Equal(entry.Key, entry.Value.Name));
        Assert.Empty(file.Twice);
    }

    [Fact]
    public void Translate_ADividedLinear_IsOneInOrder()
    {
        var file = Translated(("layer.11.key.weight", 2), ("layer.11.query.weight", 1), ("layer.0.query.weight", 3));
        Assert.Equal(["blocks.11.qk.weight", "layer.0.query.weight"], file.Tensors.Keys);
        Assert.Equal([2L, 2], file.Tensors["blocks.11.qk.weight"].Shape);
        Assert.Equal([1f, 1, 2, 2], file.Tensors["blocks.11.qk.weight"].Floats());
    }

    [Fact]
    public void Translate_OneNameByTwoOthers_TellsIt()
    {
        Assert.Equal(["transformer.norm.weight"], Translated(("norm.weight", 1), ("transformer.norm.weight", 2)).Twice);
        var whole = Translated(("layer.0.query.weight", 1), ("layer.0.key.weight", 1), ("blocks.0.qk.weight", 2));
        Assert.Equal(["blocks.0.qk.weight"], whole.Twice);
    }

    private static WeightFile Translated(params (string Name, float Number)[] tensors) => _table.Translate(new WeightFile(
        "file",
        tensors.ToDictionary(tensor => tensor.Name, tensor => WeightTensor.Of(tensor.Name, [1, 2], [tensor.Number, tensor.Number])),
        new Dictionary<string, string>()));
}
