using System.Text.Json;

namespace CacheBackup.Architecture.Tests.StateMachines;

/// <summary>One state of a machine, with the Map and Parallel states around it.</summary>
public sealed record AslState(string Name, JsonElement Body, IReadOnlyList<AslState> Around)
{
    public string Type => Body.GetProperty(nameof(Type)).GetString()!;

    public bool IsLambdaTask => Type == "Task" && (Text("Resource") ?? string.Empty).StartsWith("arn:aws:states:::lambda:invoke", StringComparison.Ordinal);

    public IEnumerable<JsonElement> Retriers => List("Retry");

    public IEnumerable<JsonElement> Catchers => List("Catch");

    /// <summary>The function that a Lambda task names: the X of <c>${X}</c>; null where it is written otherwise.</summary>
    public string? Function =>
        Body.TryGetProperty("Parameters", out var parameters) && parameters.TryGetProperty("FunctionName", out var function)
        && function.GetString() is { } name && name.StartsWith("${", StringComparison.Ordinal) && name.EndsWith('}')
            ? name[2..^1]
            : null;

    public string? Text(string member) =>
        Body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static IEnumerable<string> Errors(JsonElement retrierOrCatcher) =>
        retrierOrCatcher.GetProperty("ErrorEquals").EnumerateArray().Select(error => error.GetString()!);

    private JsonElement.ArrayEnumerator List(string member) =>
        Body.TryGetProperty(member, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;
}
