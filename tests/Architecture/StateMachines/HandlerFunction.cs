using System.Reflection;
using Amazon.Lambda.Annotations;
using CacheBackup.Functions;

namespace CacheBackup.Architecture.Tests.StateMachines;

/// <summary>A Lambda function of ours, as its handler's attribute describes it.</summary>
/// <param name="Name">The attribute's <c>ResourceName</c>: the placeholder in the machines.</param>
/// <param name="TypeName">The class that holds the handler.</param>
/// <param name="TimeoutSeconds">The attribute's <c>Timeout</c>.</param>
/// <param name="MemoryMiB">The attribute's <c>MemorySize</c>.</param>
public sealed record HandlerFunction(string Name, string TypeName, int TimeoutSeconds, int MemoryMiB)
{
    /// <summary>Every function of the product.</summary>
    public static IReadOnlyList<HandlerFunction> All { get; } =
    [
        .. from type in typeof(FunctionEntry).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let attribute = method.GetCustomAttribute<LambdaFunctionAttribute>()
           where attribute is not null
           select new HandlerFunction(attribute.ResourceName ?? string.Empty, type.Name, (int)attribute.Timeout, (int)attribute.MemorySize),
    ];
}
