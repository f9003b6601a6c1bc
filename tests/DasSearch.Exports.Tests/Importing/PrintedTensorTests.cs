using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace DasSearch.Exports.Tests;

public sealed class PrintedTensorTests
{
    [Fact]
    public void ReadAll_WhatPyTorchPrints_IsReadAsItIs()
    {
        const string Text = """
            x = tensor([1., -2.5, 3e-05,
                    nan, inf, -inf], dtype=torch.float64)
            chosen tensor([ 3,  7], device='cuda:0') and tensor([])
            tensor(0.5) tensor([[1, 2]]) tensor([True, False]) tensor([0.1, ..., 0.2]) tensor([1, 2
            """;
        var tensors = PrintedTensor.ReadAll(Text).ToList();

        Assert.Equal([1, 3, 3], tensors.Select(tensor => tensor.Line));
        Assert.Equal([1, -2.5, 3e-05, double.NaN, double.PositiveInfinity, double.NegativeInfinity], tensors[0].Numbers);
        Assert.Equal([3, 7], tensors[1].Numbers);
        Assert.Equal(["x =", "chosen", "chosen tensor([ 3,  7], device='cuda:0') and"], tensors.Select(tensor => tensor.Label));
        Assert.Equal([false, true, true], tensors.Select(tensor => tensor.IsInteger));
    }

    [Fact]
    public void ReadAll_OfAnyPrintedVector_IsThatVector() => Prop.ForAll<double[], byte>((numbers, width) =>
    {
        // Broken after some numbers, as PyTorch breaks its lines.
        var perLine = (width % 8) + 1;
        var lines = numbers.Select(Text).Chunk(perLine).Select(chunk => string.Join(", ", chunk));
        var read = PrintedTensor.ReadAll($"loss 3\ntensor([{string.Join(",\n        ", lines)}], device='cuda:0')\n").Single();
        Assert.Equal(numbers.Where(double.IsFinite), read.Numbers.Where(double.IsFinite));
        Assert.Equal(numbers.Length, read.Numbers.Count);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Readers_OnAnyText_FailOnlyInOneSentence()
    {
        var pieces = Gen.Elements(
            "tensor([", "])", "],", "[", "3", "12", ", ", "nan", "1e999", "...", "-", "é", "\n", "skip_list", "=", "'", "#", "Fusion ");
        var text = pieces.ListOf().Select(string.Concat).ToArbitrary();
        Prop.ForAll(text, source =>
        {
            Func<object?>[] readers = [() => LogReader.Read(source, "log", 12), () => ListReader.Read(source, "script", 12)];
            foreach (var read in readers)
            {
                try
                {
                    read();
                }
                catch (ImportException refusal)
                {
                    Assert.DoesNotContain('\n', refusal.Message);
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ReadAll_AMillionOpenings_TakesNoTime()
    {
        // What would be slow if each opening were followed to the end of the text.
        var text = string.Concat(Enumerable.Repeat("tensor([1, ", 200_000));
        Assert.Empty(PrintedTensor.ReadAll(text));
        Assert.Equal(200_000, PrintedTensor.ReadAll(string.Concat(Enumerable.Repeat("tensor([1]) ", 200_000))).Count());
        Assert.Null(ListReader.Read(string.Concat(Enumerable.Repeat("skip_list = [", 200_000)), "script", 12));
    }

    private static string Text(double number) => number switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => number.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().ContainsAny(".E") ? text : text + ".",
    };
}
