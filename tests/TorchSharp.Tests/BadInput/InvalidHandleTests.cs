using System.Reflection;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.BadInput;

/// <summary>Disposed tensors and null in the place of every tensor of every operation, found by reflection.</summary>
public sealed class InvalidHandleTests
{
    /// <summary>Members that ask nothing of the native tensor, or for which nothing is an answer.</summary>
    private static readonly HashSet<string> _indifferent = new(StringComparer.Ordinal)
    {
        "Dispose", "Equals", "GetHashCode", "ToString", "DetachFromDisposeScope", "MoveToOuterDisposeScope",
    };

    /// <summary>Accessors and conversions that no native tensor is behind.</summary>
    private static readonly HashSet<string> _untouched = new(StringComparer.Ordinal)
    {
        "get_IsInvalid", "get_name", "set_name", "op_Implicit",
    };

    public static TheoryData<string> Signatures() => [.. Callables().Select(Name).Distinct()];

    [Theory]
    [MemberData(nameof(Signatures))]
    public void Call_WithADisposedTensorAnywhere_ThrowsInvalidOperation(string signature)
    {
        using var scope = NewDisposeScope();
        foreach (var (method, position) in Places(signature))
        {
            var gone = ones(2, 2);
            gone.Dispose();
            var thrown = Thrown(method, position, gone);
            Assert.True(thrown is InvalidOperationException, $"argument {position}: {thrown?.GetType().Name ?? "no exception"} {thrown?.Message}");
            Assert.Contains("empty handle", thrown!.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void Call_WithNullForARequiredTensor_ThrowsSomethingCatchable(string signature)
    {
        using var scope = NewDisposeScope();
        foreach (var (method, position) in Places(signature).Where(place => place.Position >= 0))
        {
            if (method.GetParameters()[position].HasDefaultValue)
            {
                continue;
            }

            var thrown = Thrown(method, position, null);
            Assert.True(
                thrown is ArgumentException or NullReferenceException or InvalidOperationException or ExternalException,
                $"argument {position}: {thrown?.GetType().Name ?? "no exception"} {thrown?.Message}");
        }
    }

    /// <summary>Methods with a tensor among what they are given, apart from those with spans, which reflection cannot pass.</summary>
    private static IEnumerable<MethodInfo> Callables()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return new[] { typeof(Tensor), typeof(torch), typeof(nn.functional), typeof(nn.init), typeof(linalg) }
            .SelectMany(room => room.GetMethods(all))
            .Where(method => !method.Name.Contains('<', StringComparison.Ordinal) && !_indifferent.Contains(method.Name))
            .Where(method => !_untouched.Contains(method.Name))
            .Where(method => !method.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsByRef))
            .Where(method => !method.ReturnType.IsByRefLike)
            .Where(method => !method.IsStatic || method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Tensor)))
            .Where(method => !(method.DeclaringType == typeof(torch) && method.Name == "is_tensor"));
    }

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method}";

    /// <summary>Each place for a tensor of the methods with that signature: -1 is the instance.</summary>
    private static IEnumerable<(MethodInfo Method, int Position)> Places(string signature) =>
        from method in Callables().Where(method => Name(method) == signature)
        from position in Enumerable.Range(-1, method.GetParameters().Length + 1)
        where position < 0 ? !method.IsStatic : method.GetParameters()[position].ParameterType == typeof(Tensor)
        select (method, position);

    private static Exception? Thrown(MethodInfo method, int position, Tensor? bad)
    {
        var closed = method.IsGenericMethodDefinition ? method.MakeGenericMethod(typeof(float)) : method;
        var arguments = closed.GetParameters().Select(parameter => Plausible(parameter.ParameterType)).ToArray();
        var instance = method.IsStatic ? null : position < 0 ? bad : ones(2, 2);
        if (position >= 0)
        {
            arguments[position] = bad;
        }

        return Record.Exception(() => closed.Invoke(instance, arguments)) is TargetInvocationException { InnerException: var inner } ? inner : null;
    }

    private static object? Plausible(Type type)
    {
        if (type == typeof(Tensor))
        {
            return ones(2, 2);
        }

        return Nullable.GetUnderlyingType(type) is not null ? null
            : type == typeof(Scalar) ? (Scalar)1
            : type == typeof(long[]) ? new long[] { 0, 1 }
            : type == typeof(double[]) ? new double[] { 1, 1 }
            : type == typeof(Tensor[]) ? new[] { ones(2, 2) }
            : type == typeof(TensorIndex[]) ? new[] { TensorIndex.Single(0) }
            : type == typeof(IEnumerable<long>) ? new long[] { 0 }
            : type == typeof(IList<string>) ? new[] { "a" }
            : type == typeof(Func<Tensor, Tensor>) ? new Func<Tensor, Tensor>(tensor => tensor.abs())
            : type == typeof(string) ? ""
            : type.IsValueType ? Activator.CreateInstance(type)
            : null;
    }
}
