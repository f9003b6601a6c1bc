using TorchSharp.Modules;

namespace TorchSharp.Tests.ApiList;

/// <summary>The formatter behind the API test: on lines of the list that genuine and stand-in assemblies share, and on types made up here.</summary>
public sealed class SignaturesTests
{
    [Theory]
    [InlineData(typeof(torch.Tensor), "torch.Tensor torch.Tensor TensorItems[params torch.TensorIndex[] indices] { get; set; }")]
    [InlineData(typeof(torch.Tensor), "torch.Tensor static torch.Tensor op_Addition(Scalar left, torch.Tensor right)")]
    [InlineData(typeof(torch.Tensor), "torch.Tensor (torch.Tensor, torch.Tensor) max(long dim, bool keepdim = false)")]
    [InlineData(typeof(torch.Tensor), "torch.Tensor T item<T>()")]
    [InlineData(typeof(torch.Tensor), "torch.Tensor virtual string ToString()")]
    [InlineData(typeof(torch.Tensor), "torch.Tensor protected virtual void Finalize()")]
    [InlineData(typeof(torch), "torch static torch.ScalarType float32")]
    [InlineData(typeof(torch), "torch static torch.Tensor squeeze(torch.Tensor input, long? dim = null)")]
    [InlineData(typeof(torch.nn.functional), "torch.nn.functional static torch.Tensor layer_norm(torch.Tensor input, long[] normalized_shape, torch.Tensor weight = null, torch.Tensor bias = null, double eps = 1E-05)")]
    [InlineData(typeof(torch.nn.functional), "torch.nn.functional static torch.Tensor mse_loss(torch.Tensor input, torch.Tensor target, torch.nn.Reduction reduction = 1)")]
    [InlineData(typeof(torch.nn.Module<,>), "nn.Module<T, TResult> virtual TResult forward(T input)")]
    [InlineData(typeof(torch.nn.Module<,>), "nn.Module<T, TResult> protected .ctor(string name)")]
    [InlineData(typeof(torch.nn.IModule<,>), "nn.IModule<T, TResult> virtual TResult call(T input1)")]
    [InlineData(typeof(ModuleDict<>), "ModuleDict<T> bool TryGetValue(string key, out T value)")]
    [InlineData(typeof(ModuleDict<>), "ModuleDict<T> IEnumerator<ValueTuple<string, T>> GetEnumerator()")]
    [InlineData(typeof(torch.optim.lr_scheduler.impl.LambdaLR), "torch.optim.lr_scheduler.impl.LambdaLR protected virtual IEnumerable<double> get_lr()")]
    [InlineData(typeof(torch.nn.Reduction), "torch.nn.Reduction.Mean")]
    public void OfMembers_OnAKnownType_WritesTheListsLine(Type type, string line)
    {
        Assert.Contains(line, Signatures.OfMembers(type));
        Assert.True(AllowedMembers.Load().Contains(line));
    }

    [Theory]
    [InlineData(typeof(torch), "TorchSharp static class torch")]
    [InlineData(typeof(DeviceType), "TorchSharp enum DeviceType")]
    [InlineData(typeof(torch.TensorIndex), "TorchSharp struct torch.TensorIndex")]
    [InlineData(typeof(torch.nn.IModule<,>), "TorchSharp interface nn.IModule<T, TResult>")]
    [InlineData(typeof(torch.nn.Module<,>), "TorchSharp class nn.Module<T, TResult> : nn.HookableModule<Func<nn.Module<T, TResult>, T, T>, Func<nn.Module<T, TResult>, T, TResult, TResult>>")]
    [InlineData(typeof(ParamGroup<>), "TorchSharp.Modules class ParamGroup<TOptions> : ParamGroup")]
    [InlineData(typeof(Parameter), "TorchSharp.Modules class Parameter : torch.Tensor")]
    public void OfType_OnAKnownType_WritesTheListsLine(Type type, string line)
    {
        Assert.Equal(line, Signatures.OfType(type));
        Assert.True(AllowedMembers.Load().Contains(line));
    }

    [Fact]
    public void Excess_OfMadeUpTypes_ReportsTypeAndMembers()
    {
        string[] expected =
        [
            "TorchSharp.Tests.ApiList class MadeUp.Extra",
            "MadeUp.Extra .ctor()",
            "MadeUp.Extra protected static int Count(ref UInt64 seed, params (int, string)[] pairs)",
            "MadeUp.Extra SByte?[,] Grid { get; }",
            "MadeUp.Extra static Int16 Limit",
            "MadeUp.Choice.Yes",
        ];
        var excess = AllowedMembers.Load().Excess([typeof(MadeUp.Extra), typeof(MadeUp.Choice)]).ToArray();
        Assert.Empty(expected.Except(excess));
        Assert.DoesNotContain(excess, line => line.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public void Excess_OfAnExtraOverload_ReportsThatLineOnly()
    {
        Assert.False(AllowedMembers.Load().Contains("torch.Tensor torch.Tensor abs(int extra)"));
        Assert.Empty(AllowedMembers.Load().Excess([typeof(torch.nn.Reduction)]));
    }
}

#pragma warning disable CA1034, CA2211, CA1052, CA1051, CA1814 // Shapes that the formatter must meet, good design or not.
/// <summary>A surface that no version of TorchSharp has.</summary>
public static class MadeUp
{
    /// <summary>An enum that the list does not know.</summary>
    public enum Choice
    {
        Yes,
    }

    /// <summary>A class that the list does not know.</summary>
    public class Extra
    {
        public const short Limit = 3;

        private readonly int _hidden = 1;

        public sbyte?[,] Grid { get; } = new sbyte?[1, 1];

        internal int HiddenToo => _hidden;

        protected static int Count(ref ulong seed, params (int Key, string Name)[] pairs) => pairs.Length + (int)seed;
    }
}
#pragma warning restore CA1034, CA2211, CA1052, CA1051, CA1814
