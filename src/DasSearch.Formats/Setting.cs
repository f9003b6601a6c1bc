using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Configuration;

namespace DasSearch.Formats;

/// <summary>A value as it is written.</summary>
/// <param name="Text">Its characters; null where there is nothing, or YAML's <c>null</c>.</param>
/// <param name="IsPlain">Whether it is written without quotes, as numbers are.</param>
internal sealed record WrittenValue(string? Text, bool IsPlain)
{
    internal static bool IsNothing(string text) => text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>How values of one type are read and written; what cannot be read is null.</summary>
/// <param name="Expected">What a value must be, as messages say it.</param>
/// <param name="Hint">How a text that cannot be read should be written, as the end of a message; empty where nobody can tell.</param>
internal sealed record SettingType(
    string Expected, Func<WrittenValue, object?> Read, Func<object, WrittenValue> Write, Func<string, string>? Hint = null)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    internal static SettingType Text { get; } = new("a text", value => value.Text, value => new WrittenValue((string)value, IsPlain: false));

    private static SettingType Integer { get; } = new(
        "an integer",
        value => value.IsPlain && Numbers.TryParse(value.Text, out long number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : null,
        Plain,
        text => Numbers.Hint(text, isWhole: true));

    private static SettingType Long { get; } = new(
        "an integer",
        value => value.IsPlain && Numbers.TryParse(value.Text, out long number) ? number : null,
        Plain,
        text => Numbers.Hint(text, isWhole: true));

    private static SettingType Number { get; } = new(
        "a number",
        value => value.IsPlain && Numbers.TryParse(value.Text, out double number) ? number : null,
        Plain,
        text => Numbers.Hint(text, isWhole: false));

    private static SettingType Percent { get; } = new(
        "a change such as -20%",
        value => value.Text is { } text && text.EndsWith('%') && Numbers.TryParse(text[..^1], out double number) ? number : null,
        value => new WrittenValue(string.Create(Invariant, $"{value}%"), IsPlain: false),
        text => Numbers.Hint(text.TrimEnd('%'), isWhole: false) is { Length: > 0 } hint ? hint + "%" : "");

    internal static SettingType Of(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(string) ? Text
            : type == typeof(int) ? Integer
            : type == typeof(long) ? Long
            : type == typeof(double) ? property.GetCustomAttribute<SettingAttribute>() is { IsPercent: true } ? Percent : Number
            : type.IsEnum ? (SettingType)new Func<SettingType>(Choice<Granularity>).Method.GetGenericMethodDefinition().MakeGenericMethod(type).Invoke(null, null)!
            : throw new NotSupportedException($"{property.DeclaringType}.{property.Name} is of type {type}, which no setting can have.");
    }

    private static SettingType Choice<TEnum>()
        where TEnum : struct, Enum => new(
        string.Join(" or ", EnumNames.All<TEnum>()),
        value => EnumNames.TryParse<TEnum>(value.Text, out var choice) ? choice : null,
        value => new WrittenValue(EnumNames.NameOf((TEnum)value), IsPlain: true));

    private static WrittenValue Plain(object number) => new(((IFormattable)number).ToString(null, Invariant), IsPlain: true);
}

/// <summary>One setting: a property of the record of settings, or of one of its sections.</summary>
internal sealed class Setting
{
    private readonly PropertyInfo? _section;
    private readonly PropertyInfo _property;
    private readonly string? _option;
    private readonly SettingType _type;

    /// <param name="section">The section's property; null for a setting of no section.</param>
    /// <param name="property">The property.</param>
    /// <param name="option">The key in the property's map, where it holds all the keys of its section that are not settings.</param>
    internal Setting(PropertyInfo? section, PropertyInfo property, string? option = null)
    {
        (_section, _property, _option) = (section, property, option);
        _type = option is null ? SettingType.Of(property) : SettingType.Text;
        Name = (section is null ? "" : NameOf(section) + ".") + (option ?? NameOf(property));
        MayBeNothing = option is not null || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        Example = property.GetCustomAttribute<SettingAttribute>()?.Example;
    }

    /// <summary>The name with its section, such as <c>search.epochs</c>.</summary>
    internal string Name { get; }

    /// <summary>What a value must be, as messages say it.</summary>
    internal string Expected => _type.Expected;

    internal bool MayBeNothing { get; }

    /// <summary>Whether a text without quotation marks can be read.</summary>
    internal bool Accepts(string text) => _type.Read(new WrittenValue(text, IsPlain: true)) is not null;

    /// <summary>How a text should be written that is no value of this setting, as the end of a message.</summary>
    internal string Hint(string text) => _type.Hint?.Invoke(text) ?? "";

    internal bool IsRequired { get; }

    internal string? Example { get; }

    /// <summary>A property's name in files.</summary>
    internal static string NameOf(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    /// <summary>Sets it in a record that nobody else has seen.</summary>
    /// <exception cref="ConfigException">The value is ill-typed or out of its range.</exception>
    internal void Set(object settings, WrittenValue written)
    {
        var value = written.Text is null ? null : _type.Read(written);
        if (value is null && !(written.Text is null && MayBeNothing))
        {
            throw new ConfigException(Name, $"must be {Expected}, not {(written.Text is null ? "nothing" : $"'{written.Text}'{HintOf(written)}")}");
        }

        var owner = Owner(settings);
        _property.SetMethod!.Invoke(
            owner, BindingFlags.DoNotWrapExceptions, binder: null, [_option is null ? value : With((string?)value, Options(owner))], culture: null);
    }

    /// <summary>The value in its canonical form; null where it is not set.</summary>
    internal WrittenValue? Get(object settings)
    {
        var owner = Owner(settings);
        var value = _option is null ? _property.GetValue(owner) : Options(owner).GetValueOrDefault(_option);
        return value is null ? null : _type.Write(value);
    }

    // A number in quotation marks is a text.
    private string HintOf(WrittenValue written) =>
        !written.IsPlain && _type.Hint is not null && _type.Read(written with { IsPlain = true }) is not null ? $": write {written.Text} without quotation marks" : Hint(written.Text!);

    private object Owner(object settings) => _section is null ? settings : _section.GetValue(settings)!;

    private IReadOnlyDictionary<string, string> Options(object owner) => (IReadOnlyDictionary<string, string>)_property.GetValue(owner)!;

    private Dictionary<string, string> With(string? value, IReadOnlyDictionary<string, string> options)
    {
        var changed = options.ToDictionary(StringComparer.Ordinal);
        changed.Remove(_option!);
        if (value is not null)
        {
            changed.Add(_option!, value);
        }

        return changed;
    }
}

/// <summary>All settings of a record, by their names in files.</summary>
internal sealed class SettingTable
{
    private readonly Dictionary<string, PropertyInfo> _sections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PropertyInfo> _open = new(StringComparer.Ordinal);

    private SettingTable(Type record)
    {
        var (plain, inSections) = (new List<Setting>(), new List<Setting>());
        foreach (var property in SettableOf(record))
        {
            if (property.PropertyType.Assembly != record.Assembly || property.PropertyType.IsEnum)
            {
                plain.Add(new Setting(null, property));
                continue;
            }

            _sections.Add(Setting.NameOf(property), property);
            foreach (var inner in SettableOf(property.PropertyType))
            {
                if (inner.PropertyType == typeof(IReadOnlyDictionary<string, string>))
                {
                    _open.Add(Setting.NameOf(property), inner);
                }
                else
                {
                    inSections.Add(new Setting(property, inner));
                }
            }
        }

        All = [.. plain, .. inSections];
        Names = [.. All.Select(setting => setting.Name), .. _sections.Keys];
    }

    /// <summary>Those without a section first, those of one section together; keys that a section is open for are none of them.</summary>
    internal IReadOnlyList<Setting> All { get; }

    /// <summary>The names of all settings and sections.</summary>
    internal IReadOnlyList<string> Names { get; }

    internal static SettingTable Of<T>()
        where T : class => Cache<T>.Table;

    internal bool IsSection(string name) => _sections.ContainsKey(name);

    /// <summary>The setting of a name; null where there is none.</summary>
    internal Setting? Find(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return All.FirstOrDefault(setting => setting.Name == name)
            ?? (dot > 0 && dot < name.Length - 1 && _open.TryGetValue(name[..dot], out var options)
                ? new Setting(_sections[name[..dot]], options, name[(dot + 1)..])
                : null);
    }

    /// <summary>The names within a section, without it, or of everything for none.</summary>
    internal IEnumerable<string> Within(string section) => All
        .Where(setting => section.Length == 0 || setting.Name.StartsWith(section + ".", StringComparison.Ordinal))
        .Select(setting => section.Length == 0 ? setting.Name : setting.Name[(section.Length + 1)..]);

    /// <summary>Every setting in the canonical order, with those that open sections have here.</summary>
    internal IEnumerable<Setting> AllOf(object settings)
    {
        foreach (var (setting, next) in All.Zip(All.Skip(1).Append(null)))
        {
            yield return setting;
            var section = setting.Name.Split('.')[0];
            if (_open.TryGetValue(section, out var options) && next?.Name.StartsWith(section + ".", StringComparison.Ordinal) != true)
            {
                var values = (IReadOnlyDictionary<string, string>)options.GetValue(_sections[section].GetValue(settings))!;
                foreach (var key in values.Keys.Order(StringComparer.Ordinal))
                {
                    yield return new Setting(_sections[section], options, key);
                }
            }
        }
    }

    // In the order in which they are declared.
    private static IEnumerable<PropertyInfo> SettableOf(Type record) => record
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite)
        .OrderBy(property => property.MetadataToken);

    private static class Cache<T>
    {
        internal static readonly SettingTable Table = new(typeof(T));
    }
}
