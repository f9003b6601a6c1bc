namespace TorchSharp.Tests.ApiList;

/// <summary>Names of types as torchsharp-api.txt writes them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> _aliases = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    /// <summary>"torch.nn.Module", "nn.Module&lt;T, TResult&gt;", "(string, Parameter)", "long[]", "int?".</summary>
    public static string Of(Type type)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        }

        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) + "*";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        return _aliases.TryGetValue(type, out var alias) ? alias : type.IsGenericType ? Generic(type) : Nested(type);
    }

    /// <summary>A generic type is written with its closest declaring type only, another with the whole chain.</summary>
    private static string Generic(Type type)
    {
        var arguments = type.GetGenericArguments();
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(Nullable<>))
        {
            return Of(arguments[0]) + "?";
        }

        var list = string.Join(", ", arguments.Select(Of));
        if (Simple(type) == "ValueTuple" && type.Namespace == "System" && !type.ContainsGenericParameters)
        {
            return $"({list})";
        }

        var owner = type.DeclaringType is { } declaring ? Simple(declaring) + "." : "";
        return $"{owner}{Simple(type)}<{list}>";
    }

    private static string Nested(Type type) => type.DeclaringType is { } declaring ? $"{Nested(declaring)}.{type.Name}" : type.Name;

    private static string Simple(Type type) => type.Name.Split('`')[0];
}
