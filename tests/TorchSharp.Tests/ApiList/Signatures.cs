using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace TorchSharp.Tests.ApiList;

/// <summary>The public and protected surface of an assembly, a line a member, as torchsharp-api.txt writes it.</summary>
internal static class Signatures
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<Type> VisibleTypes(Assembly assembly) => assembly.GetTypes().Where(IsVisible);

    /// <summary>"NAMESPACE kind NAME : BASE".</summary>
    public static string OfType(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class" : "class";
        var hasBase = type.IsClass && type.BaseType is { } parent && parent != typeof(object);
        return $"{type.Namespace} {kind} {TypeNames.Of(type)}" + (hasBase ? $" : {TypeNames.Of(type.BaseType!)}" : "");
    }

    /// <summary>A line for each member that the type itself declares; for an enum, for each value.</summary>
    public static IEnumerable<string> OfMembers(Type type)
    {
        var owner = TypeNames.Of(type);
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{owner}.{name}");
        }

        return type.GetConstructors(Declared).Where(IsVisible).Select(Constructor)
            .Concat(type.GetMethods(Declared).Where(method => IsVisible(method) && !IsAccessor(method)).Select(Method))
            .Concat(type.GetProperties(Declared).Where(property => Accessors(property).Any()).Select(Property))
            .Concat(type.GetFields(Declared).Where(IsVisible).Select(Field))
            .Select(line => $"{owner} {line}");
    }

    private static string Constructor(ConstructorInfo constructor) => $"{Access(constructor)}.ctor({Parameters(constructor.GetParameters())})";

    private static string Method(MethodInfo method)
    {
        var type = method.IsStatic ? "static " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "";
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeNames.Of))}>" : "";
        return $"{Access(method)}{type}{TypeNames.Of(method.ReturnType)} {method.Name}{generic}({Parameters(method.GetParameters())})";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = Accessors(property).ToArray();
        var kinds = (accessors.Contains(property.GetMethod) ? "get; " : "") + (accessors.Contains(property.SetMethod) ? "set; " : "");
        var access = accessors.All(accessor => !accessor.IsPublic) ? "protected " : "";
        var modifier = accessors[0].IsStatic ? "static " : "";
        var indices = property.GetIndexParameters();
        var index = indices.Length == 0 ? "" : $"[{Parameters(indices)}]";
        return $"{access}{modifier}{TypeNames.Of(property.PropertyType)} {property.Name}{index} {{ {kinds}}}";
    }

    private static string Field(FieldInfo field) =>
        (field.IsPublic ? "" : "protected ") + (field.IsStatic ? "static " : "") + $"{TypeNames.Of(field.FieldType)} {field.Name}";

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var prefix = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "";
        var value = parameter.HasDefaultValue ? $" = {Default(parameter.RawDefaultValue)}" : "";
        return $"{prefix}{TypeNames.Of(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Default(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static IEnumerable<MethodInfo> Accessors(PropertyInfo property) => property.GetAccessors(nonPublic: true).Where(IsVisible);

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsVisible(Type type) =>
        (type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!))) && IsWritten(type);

    private static bool IsVisible(MethodBase method) => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && IsWritten(method);

    private static bool IsVisible(FieldInfo field) => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && IsWritten(field);

    /// <summary>Whether a person wrote it: the compiler's own members have brackets in their names or carry its mark.</summary>
    private static bool IsWritten(MemberInfo member) =>
        !member.Name.Contains('<', StringComparison.Ordinal) && (member is MethodInfo || !member.IsDefined(typeof(CompilerGeneratedAttribute)));
}
