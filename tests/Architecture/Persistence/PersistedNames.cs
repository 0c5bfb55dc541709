using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CacheBackup.Architecture.Tests.Persistence;

/// <summary>
/// Every name that source-generated contexts write into JSON: a line for each member's path below its document,
/// <c>Backup shards[].sizeBytes</c>, and for each text of an enum, <c>Backup status = "available"</c>. Types on the way are not named:
/// renaming one changes no document.
/// </summary>
public sealed class PersistedNames
{
    private readonly SortedSet<string> _lines = new(StringComparer.Ordinal);

    /// <summary>The names of all contexts of some assemblies.</summary>
    public static IReadOnlyCollection<string> Of(IEnumerable<Assembly> assemblies) =>
        Of(assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsSubclassOf(typeof(JsonSerializerContext)) && !type.IsAbstract));

    public static IReadOnlyCollection<string> Of(IEnumerable<Type> contexts)
    {
        var names = new PersistedNames();
        foreach (var context in contexts)
        {
            // The generated instance alone has the options that the attribute asks for: naming, converters.
            var instance = (JsonSerializerContext)context.GetProperty("Default", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
            foreach (var root in Roots(context))
            {
                names.Walk(NameOf(root), instance.Options.GetTypeInfo(root), []);
            }
        }

        return names._lines;
    }

    // The attribute keeps no property for the type that it is given: only the metadata has it. What API Gateway names is not ours to keep.
    private static IEnumerable<Type> Roots(Type context) =>
        from attribute in context.GetCustomAttributesData()
        where attribute.AttributeType == typeof(JsonSerializableAttribute)
        let root = (Type)attribute.ConstructorArguments[0].Value!
        where root.Namespace?.StartsWith("Amazon.", StringComparison.Ordinal) != true
        select root;

    private static string NameOf(Type type) =>
        type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(",", type.GetGenericArguments().Select(NameOf))}>" : type.Name;

    private void Walk(string path, JsonTypeInfo type, IReadOnlyList<Type> around)
    {
        // A type that holds itself has said its names on the way here.
        if (around.Contains(type.Type))
        {
            return;
        }

        IReadOnlyList<Type> inner = [.. around, type.Type];
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                WalkMembers(path, type, inner);
                break;
            case JsonTypeInfoKind.Enumerable:
                Walk($"{path}[]", type.Options.GetTypeInfo(type.ElementType!), inner);
                break;
            case JsonTypeInfoKind.Dictionary:
                AddTexts($"{path}{{key}}", type.KeyType!, type.Options);
                Walk($"{path}{{}}", type.Options.GetTypeInfo(type.ElementType!), inner);
                break;
            default:
                AddTexts(path, type.Type, type.Options);
                break;
        }
    }

    private void WalkMembers(string path, JsonTypeInfo type, IReadOnlyList<Type> around)
    {
        if (type.PolymorphismOptions is { } polymorphism)
        {
            foreach (var derived in polymorphism.DerivedTypes)
            {
                _lines.Add($"{path} {polymorphism.TypeDiscriminatorPropertyName} = {JsonSerializer.Serialize(derived.TypeDiscriminator)}");
                if (derived.DerivedType != type.Type)
                {
                    WalkMembers(path, type.Options.GetTypeInfo(derived.DerivedType), [.. around, derived.DerivedType]);
                }
            }
        }

        // Ignored members are there too, but can be neither written nor read; those of a newer version have no names here.
        foreach (var member in type.Properties.Where(member => (member.Get ?? (object?)member.Set) is not null && !member.IsExtensionData))
        {
            // The document's name stands apart, so that the rest of a line is the path inside of it.
            var memberPath = path.Contains(' ', StringComparison.Ordinal) ? $"{path}.{member.Name}" : $"{path} {member.Name}";
            _lines.Add(memberPath);
            if (member.CustomConverter is { } converter)
            {
                AddTexts(memberPath, member.PropertyType, new JsonSerializerOptions(member.Options) { Converters = { converter } });
            }
            else
            {
                Walk(memberPath, member.Options.GetTypeInfo(member.PropertyType), around);
            }
        }
    }

    /// <summary>The texts of an enum; other values have none that could be listed.</summary>
    private void AddTexts(string path, Type type, JsonSerializerOptions options)
    {
        var enumeration = Nullable.GetUnderlyingType(type) ?? type;
        if (enumeration.IsEnum)
        {
            foreach (var value in Enum.GetValues(enumeration))
            {
                _lines.Add($"{path} = {JsonSerializer.Serialize(value, options.GetTypeInfo(enumeration))}");
            }
        }
    }
}
