using System.Reflection;
using Amazon.Lambda.Annotations;
using CacheBackup.Functions;

namespace CacheBackup.Infra;

/// <summary>A function as its handler's <c>[LambdaFunction]</c> describes it.</summary>
/// <param name="Name">Also its placeholder in the state machines and its <c>ANNOTATIONS_HANDLER</c>.</param>
/// <param name="MemoryMiB">Of which Lambda gives processor time in proportion: one whole processor at 1,769.</param>
/// <param name="TimeoutSeconds">At most 900.</param>
public sealed record FunctionDescription(string Name, int MemoryMiB, int TimeoutSeconds)
{
    /// <summary>Every handler of the functions' assembly, in order of their names.</summary>
    public static IReadOnlyList<FunctionDescription> ReadAll() =>
    [
        .. typeof(FunctionTable).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LambdaFunctionAttribute>())
            .OfType<LambdaFunctionAttribute>()
            .Select(function => new FunctionDescription(
                function.ResourceName ?? throw new InvalidOperationException("A handler has no ResourceName."),
                (int)function.MemorySize,
                (int)function.Timeout))
            .OrderBy(function => function.Name, StringComparer.Ordinal),
    ];
}
