using System.Reflection;
using System.Text.Json.Serialization;
using CacheBackup.Core;
using CacheBackup.Functions;

namespace CacheBackup.Architecture.Tests.Persistence;

/// <summary>
/// Members without a value are left out when they are written, and parameters without a default are asked for when they are read: a record
/// whose constructor takes a null without a default could be written and never be read again.
/// </summary>
public sealed class OptionalParameterTests
{
    [Fact]
    public void What_may_be_null_may_be_left_out()
    {
        HashSet<Type> seen = [];
        IEnumerable<Type> contexts = new[] { typeof(TransientException).Assembly, typeof(FunctionEntry).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(JsonSerializerContext)) && !type.IsAbstract);
        foreach (Type root in contexts.SelectMany(Roots))
        {
            Walk(root, seen);
        }

        Assert.True(seen.Count > 50, $"Only {seen.Count} types are persisted.");
        NullabilityInfoContext nullability = new();
        Violations.None(
            from type in seen
            from constructor in type.GetConstructors()
            from parameter in constructor.GetParameters()
            where !parameter.HasDefaultValue && parameter.ParameterType != type && IsNullable(parameter, nullability)
            select $"{type.Name}({parameter.Name})");
    }

    private static bool IsNullable(ParameterInfo parameter, NullabilityInfoContext nullability) =>
        Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || (!parameter.ParameterType.IsValueType && nullability.Create(parameter).WriteState == NullabilityState.Nullable);

    // The attribute keeps no property for the type that it is given: only the metadata has it.
    private static IEnumerable<Type> Roots(Type context) =>
        from attribute in context.GetCustomAttributesData()
        where attribute.AttributeType == typeof(JsonSerializableAttribute)
        select (Type)attribute.ConstructorArguments[0].Value!;

    private static void Walk(Type type, HashSet<Type> seen)
    {
        foreach (Type argument in type.GetGenericArguments())
        {
            Walk(argument, seen);
        }

        if (type.Namespace?.StartsWith("CacheBackup.", StringComparison.Ordinal) != true || type.IsEnum || type.IsValueType || !seen.Add(type))
        {
            return;
        }

        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            Walk(property.PropertyType, seen);
        }
    }
}
